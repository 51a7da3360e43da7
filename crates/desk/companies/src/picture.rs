//! What an image is, by its content: raster images alone, whole ones, so that what is
//! shown at the top of every page is neither a script nor broken (S3-197, S4-199).

/// The media type of a PNG, JPEG, WebP or ICO; `None` for anything else, and for
/// an image that is cut off.
pub fn media_type(content: &[u8]) -> Option<&'static str> {
    if is_png(content) {
        Some("image/png")
    } else if is_jpeg(content) {
        Some("image/jpeg")
    } else if is_webp(content) {
        Some("image/webp")
    } else if is_ico(content) {
        Some("image/x-icon")
    } else {
        None
    }
}

/// The signature, a header with a size, chunks that follow each other to the end.
fn is_png(content: &[u8]) -> bool {
    let Some(mut rest) = content.strip_prefix(b"\x89PNG\r\n\x1a\n") else {
        return false;
    };
    let mut first = true;
    loop {
        let (Some(length), Some(kind)) = (big(rest, 0), rest.get(4..8)) else {
            return false;
        };
        if first && (kind != b"IHDR" || big(rest, 8) == Some(0) || big(rest, 12) == Some(0)) {
            return false;
        }
        // Its length, its kind, what it holds, its checksum.
        let Some(next) = length.checked_add(12).and_then(|whole| rest.get(whole..)) else {
            return false;
        };
        if kind == b"IEND" {
            return true;
        }
        first = false;
        rest = next;
    }
}

/// Segments from the start of the image to the start of its scan; the end's mark.
fn is_jpeg(content: &[u8]) -> bool {
    let Some(mut rest) = content.strip_prefix(b"\xff\xd8") else {
        return false;
    };
    let mut sized = false;
    loop {
        let (Some([0xff, mark]), Some(length)) = (rest.get(..2), rest.get(2..4)) else {
            return false;
        };
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        // The frame's header; C4, C8 and CC are tables.
        sized |= matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc);
        if *mark == 0xda {
            let end = &rest[rest.len().saturating_sub(64)..];
            return sized && end.windows(2).any(|pair| pair == b"\xff\xd9");
        }
        let Some(next) = rest.get(2 + length..).filter(|_| length >= 2) else {
            return false;
        };
        rest = next;
    }
}

/// A RIFF that is as long as it says.
fn is_webp(content: &[u8]) -> bool {
    let says = content.get(4..8).map(little);
    content.starts_with(b"RIFF")
        && content.get(8..15).is_some_and(|k| k == b"WEBPVP8")
        && says.is_some_and(|length| length + 8 <= content.len())
}

/// A directory of images that lie within the file.
fn is_ico(content: &[u8]) -> bool {
    let Some(count) = content
        .strip_prefix(b"\0\0\x01\0")
        .and_then(|rest| rest.first_chunk::<2>())
        .map(|count| usize::from(u16::from_le_bytes(*count)))
    else {
        return false;
    };
    (1..=64).contains(&count)
        && (0..count).all(|number| {
            let entry = content.get(6 + number * 16..22 + number * 16);
            entry.is_some_and(|entry| {
                let (length, at) = (little(&entry[8..12]), little(&entry[12..16]));
                length > 0 && at >= 6 + count * 16 && at + length <= content.len()
            })
        })
}

fn big(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

fn little(bytes: &[u8]) -> usize {
    let shifted = bytes.iter().take(4).zip([0, 8, 16, 24]);
    shifted.map(|(byte, by)| usize::from(*byte) << by).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pixel.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
        \0\0\0\x0dIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99\x3d\x1d\0\0\0\0IEND\xaeB`\x82";
    const JPEG: &[u8] = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x37\xff\xd9";
    const ICO: &[u8] = b"\0\0\x01\0\x01\0\x01\x01\0\0\x01\0\x20\0\x02\0\0\0\x16\0\0\0xx";
    const WEBP: &[u8] = b"RIFF\x08\0\0\0WEBPVP8L";

    #[test]
    fn a_whole_raster_image_is_taken() {
        assert_eq!(media_type(PNG), Some("image/png"));
        assert_eq!(media_type(JPEG), Some("image/jpeg"));
        assert_eq!(media_type(ICO), Some("image/x-icon"));
        assert_eq!(media_type(WEBP), Some("image/webp"));
    }

    #[test]
    fn what_is_no_image_or_half_of_one_is_not() {
        for bad in [
            &b""[..],
            b"GIF89a",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"\0\0\x01\0\0\0",
            &PNG[..PNG.len() - 4],
            &JPEG[..JPEG.len() - 2],
            &ICO[..ICO.len() - 1],
            &WEBP[..WEBP.len() - 1],
        ] {
            assert_eq!(media_type(bad), None, "{bad:?}");
        }
    }
}
