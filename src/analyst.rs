//! Files → [`Analysis`]: reads, judges, counts and reports. The command line, the page's worker and the JavaScript module all work with
//! this one.

use crate::analysis::{Analysis, Breakdown, Decision, Decisions, Filter, Found, Hints, RowError, Settings, Source};
use crate::judge::pack::Pack;
use crate::report;
use crate::sheet::{Item, Mark, Row, Sheet};
use crate::tally::{Court, Passes, Tally};

/// Of a file that could be taken apart and holds nothing to analyse.
const NO_BOUNCES: &str =
    "Nothing in it reads like a bounce: no column of replies, codes or bounce categories. Export the server's reply too.";

/// Several files as one analysis, fed one after another in pieces of any size.
#[derive(Default)]
pub struct Analyst {
    pub tally: Tally,
    pub files: Vec<File>,
    open: Option<Sheet>,
}

/// A file that was read, and what it takes to read its rows again.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub source: Source,
    pub hints: Hints,
    /// None where it gave no rows.
    pub found: Option<Found>,
    /// Why it gave none.
    pub trouble: Option<String>,
    pub warnings: Vec<String>,
    /// Places to read rows from; see [`Sheet::resume`].
    pub marks: Vec<Mark>,
    /// Records of all kinds.
    pub records: u64,
}

/// Who looks at the rows that go by: each row, and whether it passed the filter.
pub type Watch<'a> = &'a mut dyn FnMut(&Row, bool);

impl Analyst {
    /// Begins a file; `bytes` is its size, where it is known.
    pub fn open(&mut self, name: &str, bytes: Option<u64>, hints: Hints) {
        self.open = Some(Sheet::new(name, &hints));
        let source = Source { name: name.into(), bytes, ..Source::default() };
        self.files.push(File { source, hints, ..File::default() });
    }

    /// Reads on in the file that is open.
    pub fn feed(&mut self, bytes: &[u8], court: &Court<'_>, filter: Option<&Passes<'_>>, watch: Watch<'_>) {
        let (Some(sheet), Some(file)) = (self.open.as_mut(), self.files.last_mut()) else { return };
        file.source.read_bytes += bytes.len() as u64;
        let (tally, records) = (&mut self.tally, &mut file.records);
        sheet.feed(bytes, &mut |item| count(tally, records, &item, court, filter, watch));
    }

    /// Ends the file that is open; `complete` says whether all of it was read.
    pub fn close(&mut self, complete: bool, court: &Court<'_>, filter: Option<&Passes<'_>>, watch: Watch<'_>) {
        let (Some(mut sheet), Some(file)) = (self.open.take(), self.files.last_mut()) else { return };
        let (tally, records) = (&mut self.tally, &mut file.records);
        sheet.finish(&mut |item| count(tally, records, &item, court, filter, watch));
        file.source.complete = complete;
        file.found = sheet.found().cloned();
        file.trouble = sheet.trouble().map(str::to_string);
        if file.trouble.is_none() && file.is_main() && file.records == 0 {
            file.trouble = Some(NO_BOUNCES.into());
        }
        file.warnings = sheet.warnings();
        file.marks = sheet.marks().to_vec();
        self.tally.dates_open |= file.found.as_ref().is_some_and(|found| found.day_order_open);
    }

    /// Bytes read of all files.
    pub fn read_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.source.read_bytes).sum()
    }

    /// The files that gave no rows, each with what to do about it.
    pub fn troubles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|file| Some((file.source.name.as_str(), file.trouble.as_deref()?)))
    }

    /// The rows that could not be read; where there are no rows at all, why.
    fn errors(&self) -> Vec<RowError> {
        if self.tally.rows.read > 0 {
            return self.tally.errors.clone();
        }
        self.troubles().map(|(name, trouble)| RowError { line: 0, reason: format!("{name}: {trouble}") }).collect()
    }

    /// Everyone with a bounce and what is done about them, in the order in which they first appear.
    pub fn decisions<'a>(&'a self, settings: &'a Settings) -> impl Iterator<Item = Decision> + 'a {
        report::decisions(&self.tally, settings)
    }

    /// The published object, without the people, and the counts behind its charts.
    pub fn analysis(&self, pack: &Pack, filter: &Filter, settings: &Settings) -> (Analysis, Breakdown) {
        let told = report::report(&self.tally, settings);
        let main = self.files.iter().find(|file| file.is_main()).or(self.files.first());
        let found = main.and_then(|file| file.found.clone()).unwrap_or_default();
        let warnings = self.files.iter().flat_map(File::told).collect();
        let analysis = Analysis {
            tool: pack.tool(),
            source: main.map(|file| file.source.clone()).unwrap_or_default(),
            sources: self.files.iter().map(|file| file.source.clone()).collect(),
            settings: settings.clone(),
            filter: filter.clone(),
            format: found.format,
            mapping: found.mapping,
            rows: self.tally.rows,
            totals: told.totals,
            labels: told.labels,
            gates: told.gates,
            findings: report::findings(&self.tally, pack, settings),
            templates: told.templates,
            decisions: Decisions { summary: told.summary, rows: None },
            errors: self.errors(),
            listed: told.listed,
            warnings,
        };
        (analysis, report::breakdown(&self.tally))
    }
}

impl File {
    /// It holds bounces.
    fn is_main(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.format.purpose == crate::analysis::Purpose::Bounces)
    }

    /// Its doubts, under its name.
    fn told(&self) -> impl Iterator<Item = String> + '_ {
        let cut = (!self.source.complete).then(|| "The file was not read to its end.".to_string());
        self.trouble.clone().into_iter().chain(self.warnings.iter().cloned()).chain(cut).map(|line| format!("{}: {line}", self.source.name))
    }
}

fn count(tally: &mut Tally, records: &mut u64, item: &Item<'_>, court: &Court<'_>, filter: Option<&Passes<'_>>, watch: Watch<'_>) {
    let before = tally.rows.read;
    tally.add(court, item, filter);
    if let Item::Row(row) = item {
        *records += 1;
        watch(row, tally.rows.read > before);
    }
}
