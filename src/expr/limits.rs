//! The limits on the size of an expression, and on the work of one evaluation. An expression may come from a pull
//! request, so each limit is a promise about time and memory.

/// Bytes of source text.
pub const SOURCE_BYTES: usize = 4096;

/// Nodes of the syntax tree.
pub const NODES: usize = 1000;

/// Depth of the syntax tree and of brackets, which bounds the recursion. Chains of `+`, `*`, `&&`, `||` and `?:` do not
/// deepen the tree.
pub const DEPTH: u32 = 32;

/// Bytes of one compiled regular expression.
pub const REGEX_BYTES: usize = 256 * 1024;

/// Bytes of a text made by an expression.
pub const TEXT_BYTES: usize = 64 * 1024;

/// Units of work of one evaluation; see [`Work`].
pub const WORK: u32 = 100_000;

pub(super) const TOO_MUCH_WORK: &str = "too much work for one evaluation";
pub(super) const TOO_LONG: &str = "the text would be too long";

/// The rest of [`WORK`]. One unit is spent for each node that is evaluated, each list element that is read, each 16
/// bytes of text that are copied or searched, and each 1/16 byte that a regular expression matches.
#[derive(Debug)]
pub(super) struct Work {
    left: u32,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { left: WORK }
    }

    /// Spends `units`. The error says that all units are spent.
    pub(super) fn spend(&mut self, units: usize) -> Result<(), &'static str> {
        let left = u32::try_from(units).ok().and_then(|units| self.left.checked_sub(units));
        self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or(TOO_MUCH_WORK)
    }

    /// Spends the units to read this many bytes of text.
    pub(super) fn read(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.spend(bytes / 16)
    }

    /// Spends the units to make a text of this many bytes.
    pub(super) fn write(&mut self, bytes: usize) -> Result<(), &'static str> {
        fits(bytes)?;
        self.spend(bytes / 16)
    }
}

/// Refuses a text of more than [`TEXT_BYTES`].
pub(super) fn fits(bytes: usize) -> Result<(), &'static str> {
    if bytes > TEXT_BYTES { Err(TOO_LONG) } else { Ok(()) }
}
