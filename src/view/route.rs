//! Where the reader is: kept in the fragment, so that any static host serves every page. No input ever gets there.

/// One page of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    #[default]
    Decode,
    /// A file of bounces, by the part in view.
    Report(Part),
    Codes,
    /// A reply code or an enhanced code.
    Code(String),
    Rules,
    /// One rule, by id.
    Rule(String),
    About,
}

/// The parts of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Findings,
    Breakdown,
    Replies,
    Suppression,
    Rows,
    Export,
}

impl Part {
    pub const ALL: [Self; 6] = [Self::Findings, Self::Breakdown, Self::Replies, Self::Suppression, Self::Rows, Self::Export];

    /// As the tab has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Findings => "Findings",
            Self::Breakdown => "Breakdown",
            Self::Replies => "Replies",
            Self::Suppression => "Suppression",
            Self::Rows => "Rows",
            Self::Export => "Export",
        }
    }

    fn id(self) -> String {
        self.name().to_ascii_lowercase()
    }

    fn from_id(id: &str) -> Self {
        Self::ALL.into_iter().find(|part| part.id() == id).unwrap_or_default()
    }
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
            ("report", part) => Self::Report(Part::from_id(part.unwrap_or_default())),
            _ => Self::Decode,
        })
    }

    /// The fragment with its `#`.
    pub fn href(&self) -> String {
        match self {
            Self::Decode => "#/".into(),
            Self::Report(Part::Findings) => "#/report".into(),
            Self::Report(part) => format!("#/report/{}", part.id()),
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
            Self::Report(Part::Findings) => "Report · Undelivered".into(),
            Self::Report(part) => format!("{} · Report · Undelivered", part.name()),
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
            Self::Report(_) => Self::Report(Part::Findings),
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
        for part in Part::ALL {
            assert_eq!(Route::parse(&Route::Report(part).href()), Some(Route::Report(part)));
        }
        assert_eq!(Route::parse(""), Some(Route::Decode));
    }

    #[test]
    fn an_anchor_is_no_route_and_nonsense_leads_to_the_list() {
        assert_eq!((Route::parse("#main"), Route::parse("#m1")), (None, None));
        assert_eq!(Route::parse("#/codes/<img>"), Some(Route::Codes));
        assert_eq!(Route::parse("#/rules/a b"), Some(Route::Rules));
        assert_eq!(Route::parse("#/report/nonsense"), Some(Route::Report(Part::Findings)));
        assert_eq!(Route::parse("#/elsewhere"), Some(Route::Decode));
    }
}
