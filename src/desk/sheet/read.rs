//! Reading files, once for everything and again for what a filter lets through.

use std::rc::Rc;

use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FilePropertyBag};

use super::{DESK, Part, choose, report, rows};
use crate::analysis::{Filter, Finding, Hints, Settings};
use crate::analyst::Analyst;
use crate::desk::own;
use crate::desk::stream::Stream;
use crate::report::findings;
use crate::sheet::{Row, Sheet, peek as peek_at};
use crate::tally::{Court, Passes};
use crate::wire::sheet::Tell;

/// Bytes of a file's beginning that are enough to say what it is.
const HEAD: f64 = 262_144.0;
/// Milliseconds between two reports of progress.
const TICK: f64 = 100.0;

/// What the file would be taken for.
pub async fn peek(id: u32, file: File, hints: Hints, tell: impl Fn(Tell)) {
    let head = match file.slice_with_f64_and_f64(0.0, HEAD) {
        Ok(head) => JsFuture::from(head.array_buffer()).await,
        Err(error) => Err(error),
    };
    match head {
        Ok(buffer) => {
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            let mut sheet = Sheet::new(&file.name(), &hints);
            sheet.feed(&bytes, &mut |_| ());
            if file.size() <= HEAD {
                sheet.finish(&mut |_| ());
            }
            let trouble = sheet.trouble().map(str::to_string);
            tell(Tell::Found { id, found: peek_at(&file.name(), &bytes, &hints), trouble });
        }
        Err(_) => tell(Tell::Trouble { text: unreadable(&file.name()) }),
    }
}

fn unreadable(name: &str) -> String {
    format!("{name} could not be read. A folder is no file, and a file that changed since it was chosen has to be chosen again.")
}

/// Analyses the sample export.
pub async fn sample(settings: Settings, tell: impl Fn(Tell) + Clone + 'static) {
    let parts = js_sys::Array::of1(&crate::sample::export().into());
    let options = FilePropertyBag::new();
    options.set_type("text/csv");
    match File::new_with_str_sequence_and_options(&parts, crate::sample::NAME, &options) {
        Ok(file) => whole(vec![file], vec![Hints::default()], settings, tell).await,
        Err(_) => tell(Tell::Trouble { text: "This browser cannot make the sample file.".into() }),
    }
}

/// Reads everything and reports.
pub async fn whole(files: Vec<File>, hints: Vec<Hints>, settings: Settings, tell: impl Fn(Tell) + Clone + 'static) {
    DESK.with_borrow_mut(|desk| {
        desk.files = files.clone();
        desk.hints = hints.clone();
        desk.settings = settings;
        (desk.whole, desk.part, desk.view) = (None, None, None);
    });
    let pack = own::pack();
    let court = Court::new(&pack);
    let mut early = Early { next: 250.0, begun: js_sys::Date::now() };
    let read = Reading { files: &files, hints: &hints, court: &court, filter: None };
    let Some(analyst) = read.run(&tell, &mut |_, _| (), &mut |analyst| early.look(analyst, &pack)).await else { return };
    if analyst.tally.rows.read == 0 {
        let told: Vec<String> = analyst.troubles().map(|(name, trouble)| format!("{name}: {trouble}")).collect();
        tell(Tell::Trouble { text: told.join("\n") });
        return;
    }
    DESK.with_borrow_mut(|desk| desk.whole = Some(Rc::new(analyst)));
    choose();
    report(&tell);
}

/// Reads again and counts only what passes the filter; an empty one goes back to the whole at once.
pub async fn part(filter: Filter, tell: impl Fn(Tell) + Clone + 'static) {
    let held = DESK.with_borrow_mut(|desk| {
        (desk.part, desk.view) = (None, None);
        Some((desk.files.clone(), desk.hints.clone(), desk.whole.clone()?, desk.chosen.clone()))
    });
    let Some((files, hints, whole, chosen)) = held else { return };
    if filter.is_empty() {
        report(&tell);
        return;
    }
    let pack = own::pack();
    let court = Court::new(&pack);
    let mut marked = rows::Marked::default();
    let analyst = {
        let passes = Passes::new(&filter, &whole.tally, chosen.to_vec());
        let read = Reading { files: &files, hints: &hints, court: &court, filter: Some(&passes) };
        read.run(&tell, &mut |_, passed| marked.push(passed), &mut |_| None).await
    };
    let Some(analyst) = analyst else { return };
    DESK.with_borrow_mut(|desk| desk.part = Some(Part { filter, analyst: Rc::new(analyst), rows: Rc::new(marked) }));
    report(&tell);
}

/// The first finding, looked for at growing intervals while the file is still read.
struct Early {
    next: f64,
    begun: f64,
}

impl Early {
    fn look(&mut self, analyst: &Analyst, pack: &crate::judge::pack::Pack) -> Option<Finding> {
        if js_sys::Date::now() - self.begun < self.next {
            return None;
        }
        self.next *= 3.0;
        let settings = DESK.with_borrow(|desk| desk.settings.clone());
        findings(&analyst.tally, pack, &settings).into_iter().next()
    }
}

/// What is read, and how.
struct Reading<'a> {
    files: &'a [File],
    hints: &'a [Hints],
    court: &'a Court<'a>,
    filter: Option<&'a Passes<'a>>,
}

impl Reading<'_> {
    /// Reads all files; none where a newer reading took the turn. A stop keeps what was read.
    async fn run(
        &self,
        tell: &impl Fn(Tell),
        watch: &mut dyn FnMut(&Row, bool),
        early: &mut dyn FnMut(&Analyst) -> Option<Finding>,
    ) -> Option<Analyst> {
        let turn = DESK.with_borrow_mut(|desk| {
            (desk.turn, desk.stop) = (desk.turn + 1, false);
            desk.turn
        });
        let total = self.files.iter().map(|file| file.size() as u64).sum();
        let mut analyst = Analyst::default();
        let mut shown = js_sys::Date::now();
        for (number, file) in self.files.iter().enumerate() {
            analyst.open(&file.name(), Some(file.size() as u64), self.hints.get(number).cloned().unwrap_or_default());
            let mut stream = match Stream::new(file) {
                Ok(stream) => stream,
                Err(_) => continue,
            };
            let complete = loop {
                match stream.next().await {
                    Ok(Some(bytes)) => analyst.feed(bytes, self.court, self.filter, watch),
                    Ok(None) => break true,
                    Err(_) => {
                        tell(Tell::Trouble { text: unreadable(&file.name()) });
                        break false;
                    }
                }
                let (now, stop) = DESK.with_borrow(|desk| (desk.turn, desk.stop));
                if now != turn {
                    stream.cancel();
                    return None;
                }
                if stop {
                    stream.cancel();
                    break false;
                }
                let time = js_sys::Date::now();
                if time - shown >= TICK {
                    shown = time;
                    tell(progress(&analyst, total, early(&analyst)));
                }
            };
            analyst.close(complete, self.court, self.filter, watch);
            if DESK.with_borrow(|desk| desk.stop) {
                break;
            }
        }
        Some(analyst)
    }
}

fn progress(analyst: &Analyst, total: u64, finding: Option<Finding>) -> Tell {
    let rows = analyst.tally.rows;
    Tell::Progress { bytes: analyst.read_bytes(), total: Some(total), rows: rows.read, unreadable: rows.unreadable, finding }
}
