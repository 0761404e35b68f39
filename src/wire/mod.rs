//! The only types that cross between page and worker, and both ends of the line.

pub mod sheet;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::rules::dry_run::{DryRun, Fault};
use crate::rules::form::RuleFile;
use crate::verdict::{Decoded, Form, Tool};

/// What the page asks. `id` comes back with the answer, so that a late answer to an old paste can be told apart.
#[derive(Serialize, Deserialize)]
pub enum Ask {
    /// Decode a text; `reading` forces a form other than the one that would be found.
    Text { id: u32, text: String, reading: Option<Form> },
    /// Decode a file's bytes (an `ArrayBuffer` or `Uint8Array`).
    Bytes {
        id: u32,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        bytes: js_sys::Uint8Array,
        reading: Option<Form>,
    },
    /// Which program and rules are these?
    Tool,
    /// All rules in force, for the rule browser.
    Rules,
    /// Put these own rules in force, as TOML; an empty text takes them out.
    Own { toml: String },
    /// What would these own rules change in the reading of `input` (empty: only their faults are looked for)?
    DryRun {
        toml: String,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        input: js_sys::Uint8Array,
        reading: Option<Form>,
    },
    /// About files of bounces.
    Sheet(Box<sheet::Ask>),
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Tell {
    /// About files of bounces.
    Sheet(Box<sheet::Tell>),
    /// One entry for each mail of a file, else one. `readings` are the other forms that the input could be read as.
    Decoded {
        id: u32,
        decoded: Vec<Decoded>,
        readings: Vec<Form>,
    },
    Tool(Tool),
    Rules(RuleFile),
    /// How many own rules are in force now; where there are faults, those before stay in force.
    Own {
        rules: usize,
        faults: Vec<Fault>,
    },
    DryRun(DryRun),
}

#[wasm_bindgen]
extern "C" {
    /// Defined by `www/boot.js`: a fresh worker that already holds its module.
    #[wasm_bindgen(js_name = openDesk, catch)]
    async fn open_desk() -> Result<JsValue, JsValue>;
}

/// The page's end of the line; dropping it ends the worker at once.
pub struct Line {
    worker: Worker,
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _lose: Closure<dyn FnMut(ErrorEvent)>,
}

impl Line {
    /// Opens a worker and passes its answers to `tell`; `lost` is called where it dies of an error.
    ///
    /// # Errors
    /// What `boot.js` says where the worker could not be loaded.
    pub async fn open(tell: impl Fn(Tell) + 'static, lost: impl Fn() + 'static) -> Result<Self, JsValue> {
        let worker: Worker = open_desk().await?.unchecked_into();
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(said) = serde_wasm_bindgen::from_value(event.data()) {
                tell(said);
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let lose = Closure::<dyn FnMut(ErrorEvent)>::new(move |error: ErrorEvent| {
            error.prevent_default();
            lost();
        });
        worker.set_onerror(Some(lose.as_ref().unchecked_ref()));
        Ok(Self { worker, _hear: hear, _lose: lose })
    }

    /// Posts a question.
    ///
    /// # Errors
    /// Where the browser cannot clone the message.
    pub fn ask(&self, ask: &Ask) -> Result<(), JsValue> {
        self.worker.post_message(&serde_wasm_bindgen::to_value(ask)?)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
