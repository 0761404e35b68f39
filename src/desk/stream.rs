//! The bytes of a file, one piece after another.

use js_sys::{Date, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ReadableStreamByobReader, ReadableStreamDefaultReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode,
    WorkerGlobalScope,
};

/// Bytes asked for at a time.
const PIECE: u32 = 1 << 20;

/// Milliseconds after which the worker looks at what it was told meanwhile.
const BREATH: f64 = 50.0;

/// Reads a file from its beginning or from a place in it.
pub struct Stream {
    reader: Reader,
    piece: Vec<u8>,
    /// When messages were last looked at.
    breathed: f64,
}

/// One that fills a buffer of ours again and again; where the browser has none, one that brings its own each time.
enum Reader {
    Byob(ReadableStreamByobReader, Option<Uint8Array>),
    Default(ReadableStreamDefaultReader),
}

impl Stream {
    /// Begins to read.
    ///
    /// # Errors
    /// What the browser says.
    pub fn new(blob: &Blob) -> Result<Self, JsValue> {
        let stream = blob.stream();
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        let get: js_sys::Function = Reflect::get(&stream, &"getReader".into())?.unchecked_into();
        let reader = match get.call1(&stream, &options) {
            Ok(reader) => Reader::Byob(reader.unchecked_into(), Some(Uint8Array::new_with_length(PIECE))),
            Err(_) => Reader::Default(get.call0(&stream)?.unchecked_into()),
        };
        Ok(Self { reader, piece: Vec::new(), breathed: Date::now() })
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// What the browser says: `NotReadableError` or `TypeError` where the file changed since it was chosen.
    pub async fn next(&mut self) -> Result<Option<&[u8]>, JsValue> {
        if Date::now() - self.breathed > BREATH {
            breathe().await;
            self.breathed = Date::now();
        }
        let read = match &mut self.reader {
            Reader::Byob(reader, buffer) => {
                let buffer = buffer.take().unwrap_or_else(|| Uint8Array::new_with_length(PIECE));
                reader.read_with_array_buffer_view(&buffer)
            }
            Reader::Default(reader) => reader.read(),
        };
        let read = JsFuture::from(read).await?;
        let value = Reflect::get(&read, &"value".into())?;
        if Reflect::get(&read, &"done".into())?.is_truthy() || value.is_undefined() {
            return Ok(None);
        }
        let bytes: Uint8Array = value.unchecked_into();
        self.piece.resize(bytes.length() as usize, 0);
        bytes.copy_to(&mut self.piece);
        if let Reader::Byob(_, buffer) = &mut self.reader {
            // The buffer was handed over to the browser and comes back in the answer.
            *buffer = Some(Uint8Array::new(&bytes.buffer()));
        }
        Ok(Some(&self.piece))
    }

    /// Lets go of the file.
    pub fn cancel(self) {
        // A promise that nobody waits for: the stream is gone either way.
        drop(match self.reader {
            Reader::Byob(reader, _) => reader.cancel(),
            Reader::Default(reader) => reader.cancel(),
        });
    }
}

/// Lets waiting messages in. Pieces that the browser holds ready come without a turn of its event loop, so a long reading would never
/// hear that it is to stop.
async fn breathe() {
    let pause = Promise::new(&mut |resolve, _| {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        // Without a timer there is no pause, and the reading goes on.
        if scope.set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(pause).await;
}
