//! Presets: a connector that is another one, as one vendor's apps need it. A preset is data: defaults of settings, attributes
//! of extensions, what the app cannot do, and against what it was tried.
//!
//! * [`Preset`]: what is written, read from a node
//! * [`Preset::definition`]: the connector that it makes of its base

mod definition;
mod document;

pub use document::{ExtensionAttributes, Preset, PresetSetting};
