//! Where the reader is: kept in the fragment, so that any static host serves every page. No input ever gets there.

/// One page of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    #[default]
    Decode,
    Codes,
    /// A reply code or an enhanced code.
    Code(String),
    Rules,
    /// One rule, by id.
    Rule(String),
    About,
}

impl Route {
    /// Reads a fragment; `None` for one that is no route (an anchor within the page).
    pub fn parse(hash: &str) -> Option<Self> {
        let path = hash.trim_start_matches('#');
        if path.is_empty() {
            return Some(Self::Decode);
        }
        let mut steps = path.strip_prefix('/')?.splitn(2, '/');
        let (page, of) = (steps.next().unwrap_or_default(), steps.next().filter(|of| !of.is_empty()));
        Some(match (page, of) {
            ("codes", None) => Self::Codes,
            ("codes", Some(code)) if is_code(code) => Self::Code(code.into()),
            ("rules", None) => Self::Rules,
            ("rules", Some(id)) if is_id(id) => Self::Rule(id.into()),
            ("codes", _) => Self::Codes,
            ("rules", _) => Self::Rules,
            ("about", _) => Self::About,
            _ => Self::Decode,
        })
    }

    /// The fragment with its `#`.
    pub fn href(&self) -> String {
        match self {
            Self::Decode => "#/".into(),
            Self::Codes => "#/codes".into(),
            Self::Code(code) => format!("#/codes/{code}"),
            Self::Rules => "#/rules".into(),
            Self::Rule(id) => format!("#/rules/{id}"),
            Self::About => "#/about".into(),
        }
    }

    /// The window's title. It names the page, never what was pasted.
    pub fn title(&self) -> String {
        match self {
            Self::Decode => "Undelivered".into(),
            Self::Codes => "Codes · Undelivered".into(),
            Self::Code(code) => format!("{code} · Undelivered"),
            Self::Rules => "Rules · Undelivered".into(),
            Self::Rule(id) => format!("{id} · Undelivered"),
            Self::About => "About · Undelivered".into(),
        }
    }

    /// Its place in the main navigation.
    pub fn tab(&self) -> Self {
        match self {
            Self::Code(_) => Self::Codes,
            Self::Rule(_) => Self::Rules,
            other => other.clone(),
        }
    }
}

fn is_code(code: &str) -> bool {
    !super::digits::slices(code).is_empty()
}

fn is_id(id: &str) -> bool {
    id.len() <= 80 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let code = |code: &str| Route::Code(code.into());
        for route in
            [Route::Decode, Route::Codes, code("550"), code("5.7.1"), Route::Rules, Route::Rule("microsoft.s3150".into()), Route::About]
        {
            assert_eq!(Route::parse(&route.href()), Some(route));
        }
        assert_eq!(Route::parse(""), Some(Route::Decode));
    }

    #[test]
    fn an_anchor_is_no_route_and_nonsense_leads_to_the_list() {
        assert_eq!((Route::parse("#main"), Route::parse("#m1")), (None, None));
        assert_eq!(Route::parse("#/codes/<img>"), Some(Route::Codes));
        assert_eq!(Route::parse("#/rules/a b"), Some(Route::Rules));
        assert_eq!(Route::parse("#/elsewhere"), Some(Route::Decode));
    }
}
