//! The worker's end of the line: the decoder behind a message port.

mod own;
mod sheet;
mod stream;

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::judge::pack::Pack;
use crate::read;
use crate::verdict::{Decoded, Form};
use crate::wire::{Ask, Tell};

/// More outcomes than a page can show at once; the rest is counted in a warning.
const SHOWN: usize = 500;

/// Answers every [`Ask`] from now on.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let port = port.clone();
        let tell = move |told: Tell| {
            if let Ok(told) = serde_wasm_bindgen::to_value(&told) {
                // A message that cannot be posted has nobody left to hear it.
                let _ = port.post_message(&told);
            }
        };
        match serde_wasm_bindgen::from_value(event.data()) {
            Ok(Ask::Sheet(ask)) => sheet::answer(*ask, move |told| tell(Tell::Sheet(Box::new(told)))),
            Ok(ask) => answer(ask).into_iter().for_each(tell),
            Err(_) => {}
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
}

/// None to what is answered in its own time.
fn answer(ask: Ask) -> Option<Tell> {
    Some(match ask {
        Ask::Text { id, text, reading } => decoded(id, text.as_bytes(), reading),
        Ask::Bytes { id, bytes, reading } => decoded(id, &bytes.to_vec(), reading),
        Ask::Tool => Tell::Tool(own::with_pack(Pack::tool)),
        Ask::Rules => Tell::Rules(own::rules()),
        Ask::Own { toml } => own::set(&toml),
        Ask::DryRun { toml, input, reading } => own::dry_run(&toml, &input.to_vec(), reading),
        Ask::Sheet(_) => return None,
    })
}

fn decoded(id: u32, bytes: &[u8], reading: Option<Form>) -> Tell {
    let mut decoded = match reading {
        Some(form) => vec![own::with_pack(|pack| crate::decode_as_with(&String::from_utf8_lossy(bytes), form, pack))],
        None => own::with_pack(|pack| crate::decode_with(bytes, pack)),
    };
    decoded.iter_mut().for_each(cap);
    let readings = decoded.first().map(|first| read::readings(first.input.form)).unwrap_or_default();
    Tell::Decoded { id, decoded, readings }
}

fn cap(decoded: &mut Decoded) {
    let more = decoded.outcomes.len().saturating_sub(SHOWN);
    if more > 0 {
        decoded.outcomes.truncate(SHOWN);
        decoded.warnings.push(format!("{more} more outcomes are not shown here; the command line prints all of them."));
    }
}
