//! How notices speak: the lists of `phrases.toml`.

include!(concat!(env!("OUT_DIR"), "/phrases.rs"));
