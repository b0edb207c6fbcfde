//! Takes out of pictures what they say besides the picture: place, device, time, comments, thumbnails. Pure.

/// `None` when it is cut off or no JPEG. Everything after the picture's end goes too: some telephones hide a film there.
pub fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..2).filter(|it| *it == [0xff, 0xd8])?);
    let (mut at, mut scanned) = (2, false);
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        // Any number of fill bytes may stand before a marker.
        while *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        let marker = bytes[at + 1];
        at += 2;
        match marker {
            0xd9 => {
                out.extend([0xff, 0xd9]);
                return scanned.then_some(out);
            }
            0x00 | 0xd8 => return None,
            // Markers without a length.
            0x01 | 0xd0..=0xd7 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let content = bytes.get(at + 2..at.checked_add(length)?)?;
        at += length;
        match marker {
            // JFIF without its thumbnail, which may show more than the picture does.
            0xe0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => {
                out.extend([0xff, 0xe0, 0, 16]);
                out.extend(&content[..12]);
                out.extend([0, 0]);
            }
            // Adobe's segment says how colours are coded.
            // Of the camera's data only which side is up: without it photos of telephones lie on their side.
            0xe1 => {
                if let Some(side @ 2..=8) = orientation(content) {
                    segment(&mut out, marker, &which_side_is_up(side))
                }
            }
            0xee if content.starts_with(b"Adobe") => segment(&mut out, marker, content),
            0xe0..=0xef | 0xfe => {}
            _ => segment(&mut out, marker, content),
        }
        if marker == 0xda {
            scanned = true;
            let end = at + scan(bytes.get(at..)?)?;
            out.extend(&bytes[at..end]);
            at = end;
        }
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    out.extend([0xff, marker]);
    out.extend(((content.len() + 2) as u16).to_be_bytes());
    out.extend(content);
}

/// Tag 0x0112 of the first directory (EXIF 2.32, 4.6.5).
fn orientation(content: &[u8]) -> Option<u8> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let two = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let four = |at: usize| -> Option<usize> {
        let (first, second) = (usize::from(two(at)?), usize::from(two(at + 2)?));
        Some(if big { first << 16 | second } else { second << 16 | first })
    };
    let directory = four(4)?;
    let entries = usize::from(two(directory)?);
    let entry = (0..entries).map(|i| directory + 2 + i * 12).find(|at| two(*at) == Some(0x0112))?;
    u8::try_from(two(entry + 8)?).ok()
}

/// A directory with this one tag.
fn which_side_is_up(side: u8) -> [u8; 32] {
    let mut content = *b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    content[25] = side;
    content
}

/// How long the coded data is: up to the next marker that is neither stuffing, a restart, nor fill.
fn scan(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += data.get(at..)?.iter().position(|it| *it == 0xff)?;
        match data.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// What a PNG needs to look as it should. Times, texts, camera data, and what nobody knows, are not among it.
const KEPT: [&[u8; 4]; 24] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST",
    b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"oFFs", b"sTER",
];

/// `None` when it is cut off or no PNG.
pub fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..8).filter(|it| *it == b"\x89PNG\r\n\x1a\n")?);
    let (mut at, mut data) = (8, false);
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind: &[u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        if (at == 8) != (kind == b"IHDR") {
            return None;
        }
        if KEPT.contains(&kind) {
            out.extend(chunk);
        }
        data |= kind == b"IDAT";
        if kind == b"IEND" {
            return data.then_some(out);
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_which_side_is_up_is_kept_of_what_the_camera_says() {
        let written = which_side_is_up(6);
        assert_eq!(orientation(&written), Some(6));
        // Little-endian, after another tag, as telephones write it.
        let mut little = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        little.extend(b"\x0f\x01\x02\0\x04\0\0\0ABC\0");
        little.extend(b"\x12\x01\x03\0\x01\0\0\0\x08\0\0\0");
        assert_eq!(orientation(&little), Some(8));
        for end in 0..little.len() {
            let _ = orientation(&little[..end]);
        }
        let mut photo = vec![0xff, 0xd8];
        segment(&mut photo, 0xe1, &little);
        segment(&mut photo, 0xda, &[1, 1, 0, 0, 63, 0]);
        photo.extend([1, 2, 3, 0xff, 0xd9]);
        let stripped = jpeg(&photo).unwrap();
        assert!(!stripped.windows(3).any(|it| it == b"ABC"));
        assert_eq!(orientation(&stripped[6..38]), Some(8));
    }
}
