//! Bytes to text, piece by piece: UTF-8, GB18030 or UTF-16, and which of them a file is in.

use std::io::Read;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Error, Limit, MAX_TEXT_BYTES};

const PIECE: usize = 64 << 10;
/// Valid UTF-8 characters beyond ASCII before the first fault that make it a damaged UTF-8 file:
/// GB18030 text passes for UTF-8 for a character or two ("联通"), never for so long.
const SURELY_UTF8: u64 = 16;

/// Counts lines as a person does: LF, CR LF and a lone CR each end one.
#[derive(Debug, Clone, Copy)]
pub struct Lines {
    line: u64,
    after_cr: bool,
}

impl Lines {
    pub fn new() -> Self {
        Self { line: 1, after_cr: false }
    }

    /// The line on which the next byte stands.
    pub fn line(&self) -> u64 {
        self.line
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'\r' || (byte == b'\n' && !self.after_cr) {
                self.line += 1;
            }
            self.after_cr = byte == b'\r';
        }
    }
}

/// Why decoding stopped.
#[derive(Debug)]
pub enum Fault {
    Malformed,
    Io(std::io::Error),
}

impl Fault {
    pub fn at(self, line: u64, packed: bool) -> Error {
        match self {
            Self::Malformed => Error::Encoding { line },
            Self::Io(_) if packed => Error::Packed { line },
            Self::Io(cause) => Error::Io(cause),
        }
    }
}

/// A stream of decoded pieces.
pub struct Text<R> {
    raw: R,
    input: Vec<u8>,
    start: usize,
    end: usize,
    decoder: Decoder,
    ended: bool,
    fault: Option<Fault>,
    finished: bool,
}

impl<R: Read> Text<R> {
    pub fn new(raw: R, encoding: &'static Encoding) -> Self {
        Self {
            raw,
            input: vec![0; PIECE],
            start: 0,
            end: 0,
            decoder: encoding.new_decoder_with_bom_removal(),
            ended: false,
            fault: None,
            finished: false,
        }
    }

    pub fn gb18030(&self) -> bool {
        self.decoder.encoding() == GB18030
    }

    /// Replaces `out` by the next piece; false at the end. Text before a fault is given first.
    pub fn next(&mut self, out: &mut String) -> Result<bool, Fault> {
        out.clear();
        out.reserve(PIECE * 3);
        while out.is_empty() {
            if let Some(fault) = self.fault.take() {
                self.finished = true;
                return Err(fault);
            }
            if self.finished {
                return Ok(false);
            }
            if self.start == self.end && !self.ended {
                self.fill();
                continue;
            }
            let input = self.input.get(self.start..self.end).unwrap_or_default();
            let (result, read) = self.decoder.decode_to_string_without_replacement(input, out, self.ended);
            self.start += read;
            match result {
                DecoderResult::InputEmpty if self.ended => self.finished = true,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.fault = Some(Fault::Malformed),
            }
        }
        Ok(true)
    }

    fn fill(&mut self) {
        match self.raw.read(&mut self.input) {
            Ok(got) => {
                self.start = 0;
                self.end = got;
                self.ended = got == 0;
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
            Err(cause) => self.fault = Some(Fault::Io(cause)),
        }
    }
}

/// How far a file can be decoded.
pub struct Check {
    lines: Lines,
    beyond_ascii: u64,
    bytes: u64,
    fault: Option<Fault>,
}

/// Decodes to the end or to the first fault.
pub fn check(raw: impl Read, encoding: &'static Encoding) -> Check {
    let mut text = Text::new(raw, encoding);
    let mut piece = String::new();
    let mut check = Check { lines: Lines::new(), beyond_ascii: 0, bytes: 0, fault: None };
    loop {
        match text.next(&mut piece) {
            Ok(true) => {
                check.lines.feed(piece.as_bytes());
                check.bytes += piece.len() as u64;
                if check.beyond_ascii < SURELY_UTF8 {
                    check.beyond_ascii += piece.chars().filter(|c| !c.is_ascii()).count() as u64;
                }
                if check.bytes > MAX_TEXT_BYTES {
                    return check;
                }
            }
            Ok(false) => return check,
            Err(fault) => {
                check.fault = Some(fault);
                return check;
            }
        }
    }
}

/// Tells the encoding; `try_to_end` decodes all of the file as the encoding given.
pub fn detect(
    start: &[u8],
    packed: bool,
    mut try_to_end: impl FnMut(&'static Encoding) -> Result<Check, Error>,
) -> Result<&'static Encoding, Error> {
    let (encodings, marked): (&[&'static Encoding], bool) = match start {
        [0xEF, 0xBB, 0xBF, ..] => (&[UTF_8], true),
        [0xFF, 0xFE, ..] => (&[UTF_16LE], true),
        [0xFE, 0xFF, ..] => (&[UTF_16BE], true),
        _ => (&[UTF_8, GB18030], false),
    };
    let mut furthest = 1;
    for &encoding in encodings {
        let check = try_to_end(encoding)?;
        let line = check.lines.line();
        if check.bytes > MAX_TEXT_BYTES {
            return Err(Error::TooLarge { limit: Limit::Megabytes(MAX_TEXT_BYTES >> 20), line: Some(line) });
        }
        match check.fault {
            None => return Ok(encoding),
            Some(Fault::Malformed) if !marked => furthest = furthest.max(line),
            Some(fault) => return Err(fault.at(line, packed)),
        }
        if encoding == UTF_8 && check.beyond_ascii >= SURELY_UTF8 {
            return Err(Error::Encoding { line });
        }
    }
    Err(Error::Encoding { line: furthest })
}
