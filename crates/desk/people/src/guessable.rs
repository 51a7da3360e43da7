//! Passwords that are guessed first: the commonest of the world, and those made of what
//! is near at hand (ASVS 5.0, 6.1.2, 6.2.4, 6.2.11).
//!
//! `zxcvbn` knows the 30,000 commonest passwords, names, words, dates and rows of keys,
//! and says how many guesses somebody needs who tries the likely ones first. Less than a
//! million is refused: five wrong ones lock an account for a quarter of an hour, so that
//! a million takes years.
//!
//! It does not know whose desk this is. What is left of a password without the words of
//! [`WORDS`], the person's name and address, their company's and the desk's must have
//! [`REST`] letters: digits and signs are what people add when a word alone is refused.

use kit::{CompanyId, Context, Result};
use zxcvbn::{Score, zxcvbn};

/// What passwords at a desk are made of wherever it stands, without accents: the product,
/// what it is for, and what people write where "password" is asked for (6.1.2).
const WORDS: &str = "balcao helpdesk servicedesk desk help service support ticket tickets \
    suporte central chamado chamados atendimento servico servicos ajuda soporte solicitud \
    solicitudes atencion servicio servicios mesa ayuda \
    admin administrador administrator usuario user tecnico cliente empresa root guest \
    senha contrasena clave password mudar trocar cambiar change teste acesso acceso";

/// So many letters, at least, are of none of these words.
const REST: usize = 4;
/// A shorter word stands in too many others.
const SHORTEST: usize = 3;
/// So many characters of a name are looked at: no name that is taken has more.
const LONGEST: usize = 200;
/// Whoever adds so much to a word, of whatever kind, has not added it to a word.
const MUCH: usize = 12;
/// So many characters are looked at. What it costs grows much faster than they do: forty
/// chosen for it cost as much as a hash, a hundred ten times that. Whose first forty are
/// guessed first should not trust the rest.
const LOOKED_AT: usize = 40;

/// Who will have a password.
pub struct Whose<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub company: Option<CompanyId>,
}

/// What is wrong with a password, as the end of a locale key.
pub async fn wrong(
    cx: &Context,
    password: &str,
    whose: &Whose<'_>,
) -> Result<Option<&'static str>> {
    let near = near(cx, whose).await?;
    let password: String = password.chars().take(LOOKED_AT).collect();
    let judged = tokio::task::spawn_blocking(move || judge(&password, &near));
    judged.await.map_err(kit::Error::internal)
}

/// The words that are near at hand, folded.
async fn near(cx: &Context, whose: &Whose<'_>) -> Result<Vec<String>> {
    let brand = companies::brand(&cx.app, whose.company).await?;
    let company = match whose.company {
        Some(id) => companies::find(cx.db(), id).await?,
        None => None,
    };
    let mut texts = vec![
        whose.name,
        whose.email,
        &brand.name,
        &cx.app.settings.base_url,
    ];
    if let Some(company) = &company {
        texts.push(&company.name);
        texts.extend(company.trade_name.as_deref());
    }
    let mut near = words(WORDS);
    // A name that is too long is refused elsewhere, and must not be looked through here.
    let short = texts
        .into_iter()
        .map(|text| text.chars().take(LONGEST).collect::<String>());
    near.extend(short.flat_map(|text| words(&text)));
    near.sort_unstable();
    near.dedup();
    Ok(near)
}

/// The words of a text that are long enough to be known again.
fn words(text: &str) -> Vec<String> {
    let folded = search::folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    // A number of an address is no word.
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    let long = words
        .filter(|word| word.chars().count() >= SHORTEST)
        .filter(is_word);
    long.map(str::to_owned).collect()
}

fn judge(password: &str, near: &[String]) -> Option<&'static str> {
    if is_made_of(password, near) {
        return Some("password-words");
    }
    let inputs: Vec<&str> = near.iter().map(String::as_str).collect();
    (zxcvbn(password, &inputs).score() < Score::Two).then_some("password-common")
}

/// Whether there is little in a password beside these words.
fn is_made_of(password: &str, near: &[String]) -> bool {
    let typed: Vec<char> = search::folded(password).chars().collect();
    let mut covered = vec![false; typed.len()];
    for word in near {
        let word: Vec<char> = word.chars().collect();
        for (at, part) in typed.windows(word.len()).enumerate() {
            // A number may look like a name to a machine, and means none.
            let means = part.iter().any(|typed| typed.is_alphabetic());
            let is_like = part.iter().zip(&word).all(|(t, m)| is_like(*t, *m));
            if means && is_like {
                covered[at..at + word.len()].fill(true);
            }
        }
    }
    let rest = typed.iter().zip(&covered).filter(|(_, covered)| !**covered);
    let rest: Vec<char> = rest.map(|(typed, _)| *typed).collect();
    let is_added = |c: &char| c.is_numeric() || c.is_ascii_punctuation() || c.is_whitespace();
    let letters = rest.iter().filter(|c| !is_added(c)).count();
    letters < REST && rest.len() < MUCH && covered.contains(&true)
}

/// Whether a character is a letter, or one of the signs that are written for it.
fn is_like(typed: char, meant: char) -> bool {
    typed == meant
        || matches!(
            (typed, meant),
            ('4' | '@', 'a')
                | ('3', 'e')
                | ('1' | '!', 'i' | 'l')
                | ('0', 'o')
                | ('5' | '$', 's')
                | ('7', 't')
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Option<&'static str> {
        let mut near = words(WORDS);
        near.extend(words(
            "João Conceição joao.conceicao@acme.com.br Ações Unidas",
        ));
        judge(password, &near)
    }

    #[test]
    fn the_commonest_passwords_are_refused_with_what_people_add_to_them() {
        for common in [
            "12345678",
            "123456789",
            "password",
            "iloveyou",
            "sunshine1",
            "princess",
            "qwertyuiop",
            "1q2w3e4r",
            "abcd1234",
            "P@ssw0rd",
            "letmein123",
            "aaaaaaaaaaaa",
            "11111111",
            "football2024",
            "01/01/2000",
        ] {
            assert!(judged(common).is_some(), "{common}");
        }
    }

    #[test]
    fn a_password_is_not_made_of_what_is_near_at_hand() {
        for near in [
            "Balcão@2026",
            "b@lc4o!2026",
            "suporte123456",
            "HelpDesk#1",
            "senha12345",
            "Mudar@123",
            "joaoconceicao",
            "Conceição-1984",
            "acme2026acme",
            "Acoes.Unidas.99",
            "$up0rt3-acme",
        ] {
            assert_eq!(judged(near), Some("password-words"), "{near}");
        }
    }

    #[test]
    fn any_other_one_is_taken_whatever_it_is_made_of() {
        for good in [
            "uma-senha-bem-longa",
            "demo-4973d66e",
            "suporte no mato grosso",
            "xk7qp2vw",
            "cavalo bateria grampo",
            "пароль-на-завтра",
            "🦜🌵🎷🪁🧭🦔🪵🫖",
            "João gosta de jabuticaba",
            "83920175501394130723",
            "9#4127!88$36@2",
            "acme-4127.8836/9912",
        ] {
            assert_eq!(judged(good), None, "{good}");
        }
        // Whoever writes much writes no more than is looked at.
        let long: String = ('a'..='z').cycle().step_by(7).take(1_000).collect();
        assert_eq!(judged(&long[..LOOKED_AT]), None);
    }
}
