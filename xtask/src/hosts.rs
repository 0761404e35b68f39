//! The header files for the common hosts, filled with the policy that stands in `index.html`: one policy, one place.

use std::path::Path;

use crate::{Result, read, top};

/// The files of `www/hosting/` that belong beside the page. What does not start with a dot or underscore is to be copied from there.
const FILES: [&str; 8] =
    ["_headers", "staticwebapp.config.json", "web.config", ".htaccess", "nginx.conf", "Caddyfile", "firebase.json", "vercel.json"];

/// Writes the header files into a built page.
///
/// # Errors
/// Where a file cannot be read or written, or the page has no policy.
pub fn write(dir: &Path) -> Result<()> {
    let policy = policy(&read(&dir.join("index.html"))?)?;
    for name in FILES {
        let text = read(&top().join("www/hosting").join(name))?;
        crate::write(&dir.join(name), &text.replace("{policy}", &policy))?;
    }
    Ok(())
}

/// The page's own policy and what only a header can say.
fn policy(html: &str) -> Result<String> {
    let start = "http-equiv=\"Content-Security-Policy\" content=\"";
    let own = html.split_once(start).and_then(|(_, rest)| rest.split_once('"'));
    let (own, _) = own.ok_or("index.html has no Content-Security-Policy")?;
    Ok(format!("{own}; frame-ancestors 'none'"))
}
