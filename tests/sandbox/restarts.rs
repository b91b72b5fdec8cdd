use super::*;
use rolecall::sandbox::SandboxError;
use std::{fs, time::Duration};

#[tokio::test]
async fn the_next_process_sees_what_this_one_did() {
    let world = World::new().await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let staff = world.group("Staff", &[&ada, &bob]).await;
    world.delete(&bob).await;
    let strip = |answer: Answer| {
        let mut body = answer.body;
        body["meta"]["location"] = Value::Null;
        body["members"][0]["$ref"] = Value::Null;
        body
    };
    let before = strip(world.get(&staff).await);
    let world = world.restart().await;
    assert_eq!(strip(world.get(&staff).await), before);
    assert_eq!(world.user("bob").await, "/Users/u-0003");
    assert_eq!(world.get(&ada).await.each("/groups", "display"), "Staff");
}

#[tokio::test]
async fn dropping_loses_nothing() {
    let World { dir, sandbox, client } = World::new().await;
    let world = World { dir, sandbox, client };
    world.user("ada").await;
    let World { dir, sandbox, client } = world;
    drop(sandbox);
    let sandbox = Sandbox::start(SandboxOptions::new(dir.path())).await.expect("the folder is free");
    let world = World { dir, sandbox, client };
    assert_eq!(world.find("/Users", "userName eq \"ada\"").await.each("/Resources", "id"), "u-0001");
}

#[tokio::test]
async fn a_copy_of_the_folder_at_any_moment_is_complete() {
    let world = World::new().await;
    let copy = tempfile::tempdir().expect("a folder");
    for number in 1..=5 {
        world.user(&format!("user{number}")).await;
        for file in ["data.json", "changes.jsonl"] {
            fs::copy(world.dir.path().join(file), copy.path().join(file)).expect("copied");
        }
        let sandbox = Sandbox::start(SandboxOptions::new(copy.path())).await.expect("started");
        let other = World { dir: tempfile::tempdir().expect("unused"), sandbox, client: Client::new() };
        assert_eq!(other.get("/Users").await.body["totalResults"], json!(number));
    }
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let world = World::new().await;
    let mut options = SandboxOptions::new(world.dir.path());
    options.lock_wait = Duration::from_millis(50);
    let second = Sandbox::start(options.clone()).await;
    assert!(matches!(second, Err(SandboxError::InUse { .. })), "{second:?}");
    options.lock_wait = Duration::from_secs(5);
    let (second, first) = tokio::join!(Sandbox::start(options), world.sandbox.stop());
    first.expect("stopped");
    second.expect("it waited").stop().await.expect("stopped");
}

#[tokio::test]
async fn unreadable_data_stop_the_start() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("data.json"), "{\n  \"format\": 1,\n").expect("written");
    let error = Sandbox::start(SandboxOptions::new(dir.path())).await.expect_err("unreadable");
    let message = error.to_string().replace(&dir.path().display().to_string(), "DIR");
    assert_eq!(
        message,
        "the sandbox cannot read DIR/data.json:3: EOF while parsing a value; \
         repair the file, or remove its folder to start empty"
    );
    let file = dir.path().join("data.json");
    let error = Sandbox::start(SandboxOptions::new(&file)).await.expect_err("a file is no folder");
    assert!(matches!(error, SandboxError::Io { .. }), "{error}");
}

#[tokio::test]
async fn many_at_once_get_different_ids() {
    let world = World::new().await;
    let all = futures_util::future::join_all((0..50).map(|number| {
        let world = &world;
        async move { world.user(&format!("user{number}")).await }
    }));
    let mut paths = all.await;
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 50);
    assert_eq!(world.get("/Users").await.body["totalResults"], json!(50));
}

#[tokio::test]
async fn passwords_are_not_kept() {
    let world = World::new().await;
    let body = json!({"schemas": [USER], "userName": "ada", "password": "s3cret-1"});
    assert_eq!(world.post("/Users", body).await.body["password"], Value::Null);
    world.patch("/Users/u-0001", json!([{"op": "replace", "path": "password", "value": "s3cret-2"}])).await;
    let log = fs::read_to_string(world.dir.path().join("changes.jsonl")).expect("readable");
    let World { dir, sandbox, .. } = world;
    sandbox.stop().await.expect("stopped");
    let data = fs::read_to_string(dir.path().join("data.json")).expect("readable");
    assert!(data.contains("\"userName\": \"ada\"") && !format!("{data}{log}").contains("s3cret"));
}
