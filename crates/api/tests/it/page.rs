//! The developer's page as a browser gets it.

use reqwest::Method;

use crate::support::*;

async fn get(api: &TestApi, path: &str, accepted: &str) -> Answer {
    api.send(api.bare(Method::GET, path).header("accept-language", accepted)).await
}

#[tokio::test]
async fn the_page_comes_in_the_browsers_language_and_calls_nobody() {
    let api = TestApi::start_with(|_| {}).await;
    for (path, accepted, language) in [
        ("/", "", "nb"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/", "nn,en;q=0.5", "nb"),
        ("/nb", "en", "nb"),
        ("/en", "nb", "en"),
    ] {
        let answer = get(&api, path, accepted).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-language"), language, "{path} {accepted}");
        assert!(answer.text.contains(&format!("<html lang=\"{language}\">")));
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains("unsafe"), "{policy}");
        assert!(!answer.text.contains("id=\"try\""));
    }
    assert_eq!(get(&api, "/", "").await.header("vary"), "accept-language");
}

#[tokio::test]
async fn everything_that_the_page_names_is_there() {
    let api = TestApi::start_with(|config| {
        config.public_base_url = "http://localhost".to_owned();
        config.page.sandbox_url = config.helseid.issuer.clone();
    });
    let api = api.await;
    let sandbox = api.issuer.name();
    for page in ["/nb", "/en", "/swagger"] {
        let html = get(&api, page, "").await.text;
        let named = ["href=\"/", "src=\"/"].map(|start| html.split(start).skip(1)).into_iter();
        let paths: Vec<_> = named.flatten().filter_map(|it| it.split(['"', '#']).next()).collect();
        assert!(paths.len() >= 4, "{page}: {paths:?}");
        for path in paths {
            let answer = api.send(api.bare(Method::GET, &format!("/{path}"))).await;
            assert_eq!(answer.status, 200, "{page} names /{path}");
        }
    }
    let policy = get(&api, "/nb", "").await.header("content-security-policy").to_owned();
    assert!(policy.contains(&format!("connect-src 'self' {sandbox};")), "{policy}");
}

#[tokio::test]
async fn files_may_be_kept_and_others_are_not_there() {
    let api = TestApi::start_with(|_| {}).await;
    for (path, kept) in [
        ("/page/style.css", "public, max-age=31536000, immutable"),
        ("/swagger/swagger-ui.css", "public, max-age=86400"),
        ("/nb", "no-cache"),
        ("/swagger", "no-cache"),
    ] {
        let answer = get(&api, path, "").await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, kept), "{path}");
    }
    for path in ["/page/", "/page/nb.html", "/page/../page.rs", "/swagger/index.html", "/page"] {
        get(&api, path, "").await.assert_problem(404, "address-not-found");
    }
    let posted = api.send(api.bare(Method::POST, "/")).await;
    posted.assert_problem(405, "method-not-allowed");
}
