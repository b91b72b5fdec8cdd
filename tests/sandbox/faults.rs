use super::*;

#[tokio::test]
async fn nothing_without_the_token() {
    let world = World::new().await;
    let url = format!("{}/Users", world.sandbox.base_url());
    for request in [
        world.client.get(&url),
        world.client.get(&url).bearer_auth("wrong"),
        world.client.get(&url).bearer_auth(""),
        world.client.get(&url).basic_auth("ada", Some("x")),
        world.client.get(format!("{}/ServiceProviderConfig", world.sandbox.base_url())),
        world.client.get(url.replace("/scim/v2/Users", "/")),
    ] {
        let answer = world.send(request).await;
        answer.refused(401, "");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"sandbox\"");
    }
    let lower = world.client.get(&url);
    let token = world.sandbox.token().expose_secret();
    assert_eq!(world.send(lower.header("authorization", format!("bearer {token}"))).await.status, 200);
    assert!(!format!("{:?}", world.sandbox).contains(token));
    let other = World::new().await;
    assert_ne!(other.sandbox.token().expose_secret(), token);
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there() {
    let world = World::new().await;
    let ada = world.user("ada").await;
    for path in [
        "/",
        "/Nobody",
        "/users",
        "/Users/",
        "/Users/x",
        "/Users/U-0001",
        "/Users/g-0001",
        "/Groups/u-0001",
        "/Users/u-0001/x",
        "/Users/%00",
        "/../x",
    ] {
        world.get(path).await.refused(404, "");
    }
    assert_eq!(world.get("/Users/u%2D0001").await.status, 200, "an encoded id is the same id");
    world.get("/Users/%ff").await.refused(400, "");
    for path in ["/Me", "/Bulk", "/.search"] {
        world.post(path, json!({})).await.refused(501, "");
    }
    let refused = world.put("/Users", json!({})).await;
    refused.refused(405, "");
    assert_eq!(refused.header("allow"), "GET, POST");
    world.post(&ada, json!({})).await.refused(405, "");
    world.patch("/Users/u-0009", json!([])).await.refused(404, "");
}

#[tokio::test]
async fn bodies_that_are_no_good() {
    let world = World::new().await;
    let send = |media: &'static str, body: String| {
        let request = world.request(Method::POST, "/Users").header("content-type", media);
        world.send(request.body(body))
    };
    let scim = "application/scim+json; charset=utf-8";
    let good = json!({"schemas": [USER], "userName": "ada"}).to_string();
    send("text/plain", good.clone()).await.refused(415, "");
    for body in ["", "{", "[]", "\"x\"", "{\"schemas\": [", &"[".repeat(100_000), "\u{0}"] {
        send(scim, body.to_owned()).await.refused(400, "invalidSyntax");
    }
    for body in [
        json!({"userName": "ada"}),
        json!({"schemas": [GROUP], "userName": "ada"}),
        json!({"schemas": [USER, "urn:x"], "userName": "ada"}),
        json!({"schemas": [USER], "userName": "ada", "shoeSize": 5}),
        json!({"schemas": [USER], "userName": "ada", "name": {"shoeSize": 5}}),
        json!({"schemas": [USER], "userName": "ada", ENTERPRISE: {"shoeSize": 5}}),
    ] {
        send(scim, body.to_string()).await.refused(400, "invalidSyntax");
    }
    for body in [
        json!({"schemas": [USER]}),
        json!({"schemas": [USER], "userName": ""}),
        json!({"schemas": [USER], "userName": 5}),
        json!({"schemas": [USER], "userName": "ada", "active": "true"}),
        json!({"schemas": [USER], "userName": "ada", "roles": ["ADMIN"]}),
        json!({"schemas": [USER], "userName": "ada", ENTERPRISE: {"manager": {"value": "u-0009"}}}),
    ] {
        send(scim, body.to_string()).await.refused(400, "invalidValue");
    }
    assert_eq!(world.get("/Users").await.body["totalResults"], json!(0));
    assert_eq!(send("application/json", good).await.status, 201);
}

#[tokio::test]
async fn a_body_that_is_too_long() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let dir = tempfile::tempdir().expect("a folder");
    let mut options = SandboxOptions::new(dir.path());
    options.max_body = 1_000;
    let sandbox = Sandbox::start(options).await.expect("started");
    let world = World { dir, sandbox, client: Client::new() };
    let body = |length| json!({"schemas": [USER], "userName": "ada", "title": "x".repeat(length)});
    world.post("/Users", body(2_000)).await.refused(413, "");
    assert_eq!(world.post("/Users", body(500)).await.status, 201);
}
