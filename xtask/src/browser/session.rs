//! One window of a headless Chromium, and what it says while it is led.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::looks::Look;
use super::webdriver::call;
use crate::process::wait_for;

/// How long the page may take to show something.
const LIMIT: Duration = Duration::from_secs(20);

/// A window, closed when dropped.
pub struct Session {
    driver: SocketAddr,
    path: String,
    url: String,
    folder: PathBuf,
}

impl Drop for Session {
    fn drop(&mut self) {
        // The driver that goes next takes the browser with it.
        let _ = call(self.driver, "DELETE", &self.path, None);
    }
}

impl Session {
    /// Opens a window toward the API at `url`; screenshots go to the folder.
    pub fn open(driver: SocketAddr, url: &str, folder: &Path) -> Result<Self> {
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--hide-scrollbars", "--disable-background-networking", "--no-first-run",
            ] },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let opened = call(driver, "POST", "/session", Some(&wish))?;
        let id = opened["sessionId"].as_str().context("no session")?;
        let path = format!("/session/{id}");
        Ok(Self { driver, path, url: url.to_owned(), folder: folder.to_owned() })
    }

    fn post(&self, command: &str, body: &Value) -> Result<Value> {
        call(self.driver, "POST", &format!("{}/{command}", self.path), Some(body))
    }

    /// A command of the browser's own protocol.
    fn browser(&self, command: &str, parameters: &Value) -> Result<Value> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Makes the screen that wide, and the reader one who likes it so and wants no motion.
    pub fn dress(&self, look: &Look) -> Result<()> {
        let mobile = look.width < 500;
        self.browser(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": look.width, "height": look.height(), "deviceScaleFactor": 1,
                "mobile": mobile }),
        )?;
        let scheme = if look.dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.browser("Emulation.setEmulatedMedia", &features).map(drop)
    }

    /// Opens a path of the API and waits until it is loaded.
    pub fn go(&self, path: &str) -> Result<()> {
        self.post("url", &json!({ "url": format!("{}{path}", self.url) }))?;
        self.wait("the whole page", "return document.readyState === 'complete'")
    }

    /// Runs a script and gives what it returns.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// What a script returns, as text.
    pub fn text(&self, script: &str) -> Result<String> {
        Ok(self.run(script, &[])?.as_str().context("no text")?.to_owned())
    }

    /// What a script returns, as a whole number.
    pub fn number(&self, script: &str) -> Result<i64> {
        self.run(script, &[])?.as_i64().context("no whole number")
    }

    /// Whether a script returns true.
    pub fn truth(&self, script: &str) -> Result<bool> {
        Ok(self.run(script, &[])? == true)
    }

    /// Waits until a script returns true.
    pub fn wait(&self, what: &str, script: &str) -> Result<()> {
        wait_for(what, LIMIT, || Ok(self.truth(script)?.then_some(())))
    }

    /// Presses a key and lets go of it.
    pub fn press(&self, key: &str) -> Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key,
                "windowsVirtualKeyCode": if key == "Tab" { 9 } else { 13 } });
            self.browser("Input.dispatchKeyEvent", &event)?;
        }
        Ok(())
    }

    /// Writes what the page looks like, as far as it goes down, or one element of it.
    pub fn screenshot(&self, name: &str, element: Option<&str>) -> Result<()> {
        let measure = "const it = document.querySelector(arguments[0]);
            const box = it.getBoundingClientRect();
            return { x: 0, y: box.top + scrollY, width: innerWidth, height: box.height, scale: 1 }";
        let clip = self.run(measure, &[json!(element.unwrap_or("body"))])?;
        let wish = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.browser("Page.captureScreenshot", &wish)?;
        let png = BASE64_STANDARD.decode(taken["data"].as_str().context("no picture")?)?;
        fs::write(self.folder.join(format!("{name}.png")), png).context("cannot write a picture")
    }

    /// Fails if anything was written to the console, or asked of another host than the API and the
    /// sandbox that the page names, since this was last asked.
    pub fn must_be_quiet(&self) -> Result<()> {
        let said: Vec<String> = self.log("browser")?.iter().map(message).collect();
        ensure!(said.is_empty(), "the console says: {}", said.join("; "));
        let sandbox = self.run("return document.getElementById('try')?.dataset.sandbox", &[])?;
        let ours = [Some(self.url.as_str()), sandbox.as_str(), Some("data:")];
        for entry in self.log("performance")? {
            let event: Value = serde_json::from_str(&message(&entry)).unwrap_or_default();
            let event = &event["message"];
            if event["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let asked = event["params"]["request"]["url"].as_str().unwrap_or_default();
            let is_ours = ours.iter().flatten().any(|start| asked.starts_with(start));
            ensure!(is_ours, "it asks another host: {asked}");
        }
        Ok(())
    }

    /// Throws away what was said.
    pub fn forget_log(&self) -> Result<()> {
        self.log("browser").map(drop)
    }

    fn log(&self, kind: &str) -> Result<Vec<Value>> {
        let log = self.post("se/log", &json!({ "type": kind }))?;
        Ok(log.as_array().cloned().unwrap_or_default())
    }
}

fn message(entry: &Value) -> String {
    entry["message"].as_str().unwrap_or_default().to_owned()
}
