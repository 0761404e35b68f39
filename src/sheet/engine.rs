//! One file, pushed in as it comes.

use super::Item;
use super::member::Member;
use super::packing::{Packing, Piece};
use crate::analysis::{Found, Hints, Purpose};

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its number among the records, from 0.
    pub number: u64,
    /// Its physical line, from 1.
    pub line: u64,
    /// Its place in the bytes of the file; none in a packed file.
    pub offset: Option<u64>,
}

impl Mark {
    const FIRST: Self = Self { number: 0, line: 1, offset: Some(0) };
}

/// One file, pushed in pieces of any size.
///
/// ```
/// use undelivered::sheet::{Item, Kind, Sheet};
///
/// let mut replies = Vec::new();
/// let mut keep = |item: Item<'_>| {
///     if let Item::Row(row) = item {
///         replies.push(row.cells.get(1).to_owned());
///     }
/// };
/// let mut sheet = Sheet::new("bounces.csv", &Default::default());
/// sheet.feed(b"email,reason\nann@example.com,\"550 5.1.1 no such", &mut keep);
/// sheet.feed(b" user, sorry\"\n", &mut keep);
/// sheet.finish(&mut keep);
/// assert_eq!(replies, ["550 5.1.1 no such user, sorry"]);
/// ```
pub struct Sheet {
    name: String,
    hints: Hints,
    packing: Packing,
    member: Member,
    /// Of the member that counts: the first of bounces, else the first.
    found: Option<Found>,
    trouble: Option<String>,
    finished: bool,
    /// Its members are named in messages.
    archive: bool,
    marks: Vec<Mark>,
    warnings: Vec<String>,
}

impl Sheet {
    /// `name` is for messages and endings.
    pub fn new(name: &str, hints: &Hints) -> Self {
        Self {
            name: name.to_owned(),
            hints: hints.clone(),
            packing: Packing::new(),
            member: Member::new(hints, None, Mark::FIRST),
            found: None,
            trouble: None,
            finished: false,
            archive: false,
            marks: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads rows again from a mark of a file that is not packed: feed it the bytes from `mark.offset` on.
    pub fn resume(found: &Found, hints: &Hints, mark: Mark) -> Self {
        Self { packing: Packing::None, member: Member::new(hints, Some(found.clone()), mark), ..Self::new("", hints) }
    }

    /// The next bytes of the file; `each` gets what they complete.
    pub fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        self.unpack(each, |packing, out| packing.feed(bytes, out));
    }

    /// The end of the file: the last record is flushed.
    pub fn finish(&mut self, each: &mut dyn FnMut(Item<'_>)) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        self.unpack(each, |packing, out| packing.finish(out));
        if self.packing.name() != Some("zip") {
            self.end(each);
        }
        self.trouble = self.trouble.take().or_else(|| self.packing.trouble()).or_else(|| self.nothing());
    }

    fn unpack(&mut self, each: &mut dyn FnMut(Item<'_>), work: impl FnOnce(&mut Packing, &mut dyn FnMut(Piece<'_>))) {
        let (mut packing, marked) = (std::mem::replace(&mut self.packing, Packing::None), self.marks.len());
        work(&mut packing, &mut |piece| match piece {
            Piece::Begin(name) => self.begin(name),
            Piece::Bytes(bytes) => self.bytes(bytes, each),
            Piece::End => self.end(each),
        });
        self.packing = packing;
        if self.packing.name().is_some() {
            self.marks.iter_mut().skip(marked).for_each(|mark| mark.offset = None);
        }
        self.note();
    }

    fn begin(&mut self, name: &str) {
        let Mark { number, .. } = self.member.mark();
        self.member = Member::new(&self.hints, None, Mark { number, ..Mark::FIRST });
        name.clone_into(&mut self.name);
        self.archive = true;
    }

    fn bytes(&mut self, bytes: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        self.member.feed(bytes, each);
        self.member.take_marks(&mut self.marks);
    }

    fn end(&mut self, each: &mut dyn FnMut(Item<'_>)) {
        self.member.finish(each);
        self.member.take_marks(&mut self.marks);
        self.note();
        let (warnings, name, archive) = (self.member.warnings(), &self.name, self.archive);
        self.warnings.extend(warnings.into_iter().map(|warning| if archive { format!("{name}: {warning}") } else { warning }));
    }

    /// Keeps what is known of the member.
    fn note(&mut self) {
        let refused = self.packing.refused().or(self.member.refused());
        self.trouble = self.trouble.take().or(refused.map(str::to_owned));
        let Some(found) = self.member.found() else { return };
        let better = |known: &Found| known.format.purpose != Purpose::Bounces && found.format.purpose == Purpose::Bounces;
        if self.found.as_ref().is_none_or(better) {
            self.found = Some(found.clone());
        }
        if let (Some(found), Some(packing)) = (&mut self.found, self.packing.name()) {
            found.format.packing = Some(packing.to_owned());
        }
    }

    /// Why a file without any record has none.
    fn nothing(&self) -> Option<String> {
        let sentence = if self.member.has_header() {
            "The file has a header and no rows below it. Export it again with rows."
        } else {
            "The file is empty. Export it again."
        };
        (self.member.mark().number == 0).then(|| sentence.to_owned())
    }

    /// What the file is, as soon as its head was looked at.
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// Why the file gives no rows, in a sentence for a person.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Doubts about the file as a whole, in sentences.
    pub fn warnings(&self) -> Vec<String> {
        self.packing.warnings().into_iter().chain(self.warnings.iter().cloned()).collect()
    }

    /// One for every 1,024th record.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

/// What would be found of a file, given its first bytes.
pub fn peek(name: &str, head: &[u8], hints: &Hints) -> Found {
    let mut sheet = Sheet::new(name, hints);
    sheet.feed(head, &mut |_| {});
    sheet.unpack(&mut |_| {}, |packing, out| packing.finish(out));
    let packing = sheet.packing.name().map(str::to_owned);
    let mut found = sheet.found.or_else(|| sheet.member.peek()).unwrap_or_default();
    found.format.packing = packing;
    found
}
