//! CPF and CNPJ, with their check digits; also the CNPJ of letters and digits that
//! Brazil gives out from July 2026 on (Instrução Normativa RFB 2.229/2024).

/// The number alone: without what people write between its parts.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '.' | '-' | '/') && !c.is_whitespace())
        .collect::<String>()
        .to_uppercase()
}

/// Whether a plain number is a CPF or a CNPJ.
pub fn is_valid(plain: &str) -> bool {
    // Not even the empty forms' 000.000.000-00, whose check digits agree.
    let mut signs = plain.chars();
    let first = signs.next();
    if signs.all(|c| Some(c) == first) {
        return false;
    }
    match plain.len() {
        11 => plain.bytes().all(|b| b.is_ascii_digit()) && agrees(plain, 11),
        14 => {
            let (body, check) = plain.as_bytes().split_at(12);
            body.iter()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
                && check.iter().all(u8::is_ascii_digit)
                && agrees(plain, 9)
        }
        _ => false,
    }
}

/// The number as people write it: `12.345.678/0001-95` or `123.456.789-09`.
pub fn shown(plain: &str) -> String {
    let marks: &[(usize, char)] = match plain.len() {
        14 => &[(2, '.'), (5, '.'), (8, '/'), (12, '-')],
        11 => &[(3, '.'), (6, '.'), (9, '-')],
        _ => &[],
    };
    let mut shown = String::new();
    for (place, sign) in plain.chars().enumerate() {
        shown.extend(marks.iter().filter(|m| m.0 == place).map(|m| m.1));
        shown.push(sign);
    }
    shown
}

/// Whether the last two digits follow from the signs before them; weights go from 2 to
/// `most`, from the right, and then begin again.
fn agrees(plain: &str, most: u32) -> bool {
    let bytes = plain.as_bytes();
    (bytes.len() - 2..bytes.len())
        .all(|at| check_digit(&bytes[..at], most) == u32::from(bytes[at] - b'0'))
}

fn check_digit(signs: &[u8], most: u32) -> u32 {
    let weights = (2..=most).cycle();
    // A letter counts as its place in ASCII counted from '0': A is 17.
    let sum: u32 = signs
        .iter()
        .rev()
        .zip(weights)
        .map(|(sign, weight)| u32::from(sign - b'0') * weight)
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_whose_check_digits_agree_is_taken() {
        for good in [
            "529.982.247-25",
            "11.222.333/0001-81",
            "11222333000181",
            "12.ABC.345/01DE-35",
            "12.abc.345/01de-35",
        ] {
            assert!(is_valid(&plain(good)), "{good}");
        }
    }

    #[test]
    fn a_number_with_a_wrong_digit_is_not() {
        for bad in [
            "",
            "1",
            "529.982.247-26",
            "111.111.111-11",
            "11.222.333/0001-82",
            "00.000.000/0000-00",
            "12.ABC.345/01DE-36",
            "12.ABC.345/01DE-3A",
            "A2998224725",
            "12.ÁBC.345/01DE",
            "11222333000181 1",
        ] {
            assert!(!is_valid(&plain(bad)), "{bad}");
        }
    }

    #[test]
    fn it_is_shown_as_people_write_it() {
        assert_eq!(shown("52998224725"), "529.982.247-25");
        assert_eq!(shown("12ABC34501DE35"), "12.ABC.345/01DE-35");
        assert_eq!(shown("DE123456789X"), "DE123456789X");
    }
}
