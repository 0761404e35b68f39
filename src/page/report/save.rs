//! Files to save: gathered into a download, or written piece by piece where the browser can.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::Callback;

use crate::page::state::{Act, Notice};

/// Where the pieces of an export go.
pub enum Save {
    /// Into a download; the browser holds the pieces.
    Download(Array),
    /// Into a file that the user chose.
    Stream(JsValue),
    Preview(Vec<u8>),
    Sql(Vec<u8>),
}

impl Save {
    /// One more piece.
    pub fn take(&mut self, piece: &Uint8Array) {
        match self {
            Self::Download(pieces) => drop(pieces.push(piece)),
            // The stream queues its writes; what fails comes out when it is closed.
            Self::Stream(stream) => drop(call(stream, "write", Some(piece))),
            Self::Preview(bytes) | Self::Sql(bytes) => bytes.extend(piece.to_vec()),
        }
    }

    /// That was all.
    pub fn finish(self, name: String, mime: &str, act: Callback<Act>) {
        match self {
            Self::Download(pieces) => told(&act, &name, download(&name, mime, &pieces).is_ok()),
            Self::Stream(stream) => spawn_local(async move {
                let closed = match call(&stream, "close", None) {
                    Ok(promise) => JsFuture::from(promise.unchecked_into::<Promise>()).await.is_ok(),
                    Err(_) => false,
                };
                told(&act, &name, closed);
            }),
            Self::Preview(_) | Self::Sql(_) => {}
        }
    }
}

fn told(act: &Callback<Act>, name: &str, saved: bool) {
    act.emit(match saved {
        true => Act::Say(format!("{name} saved.")),
        false => {
            Act::Note(Notice { what: format!("{name} was not saved."), more: "The browser or the disk refused it.".into(), stop: true })
        }
    });
}

fn call(object: &JsValue, method: &str, argument: Option<&JsValue>) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    match argument {
        Some(argument) => method.call1(object, argument),
        None => method.call0(object),
    }
}

/// Offers these pieces as a download.
pub fn download(name: &str, mime: &str, pieces: &Array) -> Result<(), JsValue> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    link(name, &Blob::new_with_u8_array_sequence_and_options(pieces, &bag)?)
}

/// Offers a blob as a download.
pub fn link(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// A file of the user's choice to write into, where the browser has such a thing; an error where the user thought better of it.
///
/// # Errors
/// The user closed the dialog.
pub async fn stream(name: &str) -> Result<Option<Save>, JsValue> {
    let Some(window) = web_sys::window() else { return Ok(None) };
    if !Reflect::get(&window, &"showSaveFilePicker".into()).is_ok_and(|found| found.is_function()) {
        return Ok(None);
    }
    let options = Object::new();
    Reflect::set(&options, &"suggestedName".into(), &name.into())?;
    let handle = JsFuture::from(call(&window, "showSaveFilePicker", Some(&options))?.unchecked_into::<Promise>()).await?;
    let stream = JsFuture::from(call(&handle, "createWritable", None)?.unchecked_into::<Promise>()).await?;
    Ok(Some(Save::Stream(stream)))
}
