//! Each server starts empty, accepts its own token only, can be read whole, and leaves no files or processes.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::servers::RealServer;
use crate::support::wire::{Request, exchange};

/// Checks what the other tests need from every server.
fn serves(server: RealServer) {
    assert_eq!(server.dump(), json!({"users": [], "groups": []}));
    let mut stranger = Request::new("GET", &format!("{}/Users", server.base_path()));
    stranger.headers.set("Host", server.address());
    assert_eq!(exchange(server.address(), &stranger).expect("an answer").status, 401);

    let ada = server.create_user(json!({"userName": "ada@acme.example", "active": true}));
    let bob = server.create_user(json!({"userName": "bob@acme.example", "active": true}));
    let group = server.create_group(json!({"displayName": "Engineers"}));
    for user in [&bob, &ada] {
        assert!([200, 204].contains(&server.add_member(&group, user).status));
    }
    assert_eq!(server.find_user("ada@acme.example").expect("ada")["id"], json!(ada));
    assert!(server.find_user("carol@acme.example").is_none());

    let dump = server.dump();
    assert_eq!(dump["users"][1]["id"], "user:bob@acme.example");
    assert_eq!(dump["users"][1].get("meta"), None);
    let members: Vec<_> = dump["groups"][0]["members"].as_array().expect("members").iter().collect();
    assert_eq!(members.len(), 2);
    assert_eq!(members[0]["value"], "user:ada@acme.example");
    assert_eq!(server.delete(&format!("/Users/{bob}")).status, 204);
    assert_eq!(server.get(&format!("/Users/{bob}")).status, 404);

    let (pid, folder) = (server.pid(), server.folder().to_path_buf());
    assert!(is_running(pid));
    drop(server);
    assert!(!is_running(pid), "the server's process is gone with its value");
    assert!(!folder.exists(), "so is its folder");
}

#[test]
fn scim2_server_serves() {
    serves(RealServer::scim2_server());
}

#[test]
fn scimmy_serves() {
    serves(RealServer::scimmy());
}

#[test]
fn django_scim2_serves() {
    serves(RealServer::django_scim2());
}

#[test]
fn two_servers_with_the_same_content_have_the_same_dump() {
    let server = RealServer::scim2_server();
    let other = server.fresh();
    for (server, names) in [(&server, ["ada", "bob"]), (&other, ["bob", "ada"])] {
        for name in names {
            server.create_user(json!({"userName": name}));
        }
        let ada = server.find_user("ada").expect("ada")["id"].clone();
        server.create_group(json!({"displayName": "g", "members": [{"value": ada}, {"value": "nobody"}]}));
    }
    assert_eq!(server.dump(), other.dump());
    assert_ne!(server.raw_dump(), other.raw_dump());
    assert_eq!(server.dump()["groups"][0]["members"][0]["value"], "(nobody)");
    assert_eq!(server.fresh().dump()["users"], json!([]), "a fresh tenant is empty");
}

#[test]
fn a_server_ends_when_the_test_panics() {
    let pid = std::panic::catch_unwind(|| {
        let server = RealServer::scimmy();
        std::panic::panic_any(server.pid());
    });
    let pid = *pid.expect_err("it panics").downcast::<u32>().expect("the process id");
    assert!(!is_running(pid));
}

/// A killed test runs no destructor: the server ends because its input pipe is closed.
#[test]
fn a_server_ends_when_its_standard_input_does() {
    for server in [RealServer::scim2_server(), RealServer::scimmy(), RealServer::django_scim2()] {
        server.close_input();
        let end = Instant::now() + Duration::from_secs(10);
        while is_running(server.pid()) {
            assert!(Instant::now() < end, "the server goes on without its test");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn half_an_installation_is_redone() {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let folder: PathBuf = RealServer::install_scimmy_below(scratch.path());
    assert!(folder.join("node_modules/scimmy").is_dir());
    std::fs::remove_file(folder.join("installed")).expect("the stamp is there");
    std::fs::remove_dir_all(folder.join("node_modules/scimmy")).expect("the package is there");
    assert_eq!(RealServer::install_scimmy_below(scratch.path()), folder);
    assert!(folder.join("node_modules/scimmy").is_dir());
}

/// True if the process is neither gone nor a zombie.
fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}
