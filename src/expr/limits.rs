//! How large an expression may be, and how much work one evaluation may do. An expression may come from a pull
//! request, so each of these is a promise about time and memory, not a matter of taste.

/// Bytes of source text.
pub const SOURCE_BYTES: usize = 4096;

/// Nodes of the syntax tree.
pub const NODES: usize = 1000;

/// Depth of the syntax tree and of brackets: what recursion costs at most. Chains of `+`, `*`, `&&`, `||` and `?:` do
/// not deepen the tree.
pub const DEPTH: u32 = 32;

/// Bytes of one compiled regular expression.
pub const REGEX_BYTES: usize = 256 * 1024;

/// Bytes of a text made by an expression.
pub const TEXT_BYTES: usize = 64 * 1024;

/// Units of work of one evaluation; see [`Work`].
pub const WORK: u32 = 100_000;

pub(super) const TOO_MUCH_WORK: &str = "too much work for one evaluation";
pub(super) const TOO_LONG: &str = "the text would be too long";

/// What is left of [`WORK`]: one unit for each node evaluated, each list element looked at, each 16 bytes of text
/// copied or searched, and each 1/16 byte matched by a regular expression.
#[derive(Debug)]
pub(super) struct Work {
    left: u32,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { left: WORK }
    }

    /// Takes `units`, or says that they are used up.
    pub(super) fn spend(&mut self, units: usize) -> Result<(), &'static str> {
        let left = u32::try_from(units).ok().and_then(|units| self.left.checked_sub(units));
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(TOO_MUCH_WORK)
    }

    /// Pays for looking at this many bytes of text.
    pub(super) fn read(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.spend(bytes / 16)
    }

    /// Pays for making a text of this many bytes.
    pub(super) fn write(&mut self, bytes: usize) -> Result<(), &'static str> {
        fits(bytes)?;
        self.spend(bytes / 16)
    }
}

/// Refuses a text of more than [`TEXT_BYTES`].
pub(super) fn fits(bytes: usize) -> Result<(), &'static str> {
    if bytes > TEXT_BYTES { Err(TOO_LONG) } else { Ok(()) }
}
