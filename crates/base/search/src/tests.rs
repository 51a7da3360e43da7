use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use uuid::Uuid;

use crate::{Document, Index, Place, Reader, SearchError, Wanted};

fn place(seq: i64) -> Place {
    Place {
        seq,
        mark: "ab12".into(),
    }
}

fn ticket(n: u128, title: &str, text: &str) -> Document {
    Document {
        kind: "ticket",
        id: Uuid::from_u128(n),
        title: title.into(),
        text: text.into(),
        at: i64::try_from(n).unwrap(),
        ..Document::default()
    }
}

fn filled(root: &Path) -> Arc<Index> {
    let index = Index::at(root);
    let mut printer = ticket(1, "Impressora não imprime", "O toner acabou na recepção");
    printer.codes = vec![
        "TCK-20261122-0A1B2C3D4E".into(),
        "12.345.678/0001-95".into(),
    ];
    printer.internal = "O cliente é difícil".into();
    printer.owner = Some(Uuid::from_u128(77));
    printer.tags = vec!["status=open".into(), "queue=1".into()];
    let mut network = ticket(2, "Rede lenta", "A internet da recepção cai toda hora");
    network.tags = vec!["status=closed".into(), "queue=1".into()];
    network.codes = vec!["TCK-20261123-BEDBBEFACE".into()];
    let mut other = ticket(3, "Acesso", "Preciso de acesso à impressora nova");
    other.tags = vec!["status=open".into()];
    let mut rebuild = index.rebuild().unwrap();
    rebuild.add(vec![printer, network, other]).unwrap();
    rebuild.finish(&place(10)).unwrap();
    index
}

fn wanted(words: &str) -> Wanted {
    Wanted {
        reader: Reader::Staff,
        words: words.into(),
        kind: None,
        tags: Vec::new(),
        from: None,
        until: None,
        newest: false,
        offset: 0,
        limit: 10,
    }
}

fn ids(index: &Index, wanted: &Wanted) -> Vec<u128> {
    let found = index.find(wanted).unwrap();
    assert_eq!(found.total, found.things.len());
    found.things.iter().map(|(_, id)| id.as_u128()).collect()
}

#[test]
fn words_are_found_whole_or_begun_without_accents_and_with_one_wrong_letter() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    for (words, expected) in [
        ("toner", vec![1]),
        ("TONER", vec![1]),
        ("recepcao", vec![1, 2]),
        ("Recepção internet", vec![2]),
        ("impres", vec![1, 3]),
        ("imprressora", vec![1, 3]),
        ("impresosra", vec![1, 3]),
        ("tone", vec![1]),
        ("xyz", vec![]),
        ("  ", vec![]),
        ("?!", vec![]),
    ] {
        let mut found = ids(&index, &wanted(words));
        found.sort_unstable();
        assert_eq!(found, expected, "{words}");
    }
    assert_eq!(
        ids(&index, &wanted("impressora"))[0],
        1,
        "the title weighs more"
    );
}

#[test]
fn a_part_of_a_number_finds_it_whatever_its_punctuation() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    for words in [
        "TCK-20261122-0A1B2C3D4E",
        "tck-20261122-0a1b2c3d4e",
        "0A1B2C",
        "20261122-0a1b",
        "12345678000195",
        "12.345.678/0001-95",
        "345.678",
        "12 345 678",
    ] {
        assert_eq!(ids(&index, &wanted(words)), [1], "{words}");
    }
    // By chance, a part has no digit in it.
    assert_eq!(ids(&index, &wanted("BEDBBE")), [2]);
    // Short words are words.
    for words in ["99999999", "face"] {
        assert_eq!(ids(&index, &wanted(words)), [0_u128; 0], "{words}");
    }
}

#[test]
fn nobody_finds_what_is_not_theirs_nor_by_internal_words() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    let asked = |words: &str, owner: u128| Wanted {
        reader: Reader::Owner(Uuid::from_u128(owner)),
        ..wanted(words)
    };
    assert_eq!(ids(&index, &asked("impressora", 77)), [1]);
    assert_eq!(ids(&index, &asked("impressora", 78)), [0_u128; 0]);
    assert_eq!(ids(&index, &asked("difícil", 77)), [0_u128; 0]);
    assert_eq!(ids(&index, &asked("dificli", 77)), [0_u128; 0]);
    assert_eq!(ids(&index, &wanted("difícil")), [1]);
}

#[test]
fn filters_narrow_and_the_newest_can_stand_first() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    let open = vec!["status=open".to_owned()];
    let tagged = Wanted {
        tags: vec![open.clone(), vec!["queue=1".into(), "queue=2".into()]],
        ..wanted("impressora")
    };
    assert_eq!(ids(&index, &tagged), [1]);
    let newest = Wanted {
        newest: true,
        ..wanted("impressora")
    };
    assert_eq!(ids(&index, &newest), [3, 1]);
    let early = Wanted {
        until: Some(3),
        from: Some(1),
        ..wanted("impressora")
    };
    assert_eq!(ids(&index, &early), [1]);
    let companies = Wanted {
        kind: Some("company"),
        ..wanted("impressora")
    };
    assert_eq!(ids(&index, &companies), [0_u128; 0]);
}

#[test]
fn what_changes_is_found_as_it_is_now_and_the_place_goes_with_it() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    let changed = vec![ticket(1, "Scanner", "Não digitaliza")];
    let gone = [("ticket", Uuid::from_u128(2))];
    index.put(&gone, changed).unwrap();
    assert_eq!(ids(&index, &wanted("scanner")), [0_u128; 0]);
    index.commit(&place(11)).unwrap();
    assert_eq!(ids(&index, &wanted("scanner")), [1]);
    assert_eq!(ids(&index, &wanted("toner")), [0_u128; 0]);
    assert_eq!(ids(&index, &wanted("rede")), [0_u128; 0]);
    drop(index);
    let again = Index::at(root.path());
    assert_eq!(again.place().unwrap(), place(11));
    assert_eq!(ids(&again, &wanted("scanner")), [1]);
}

#[test]
fn a_damaged_index_is_noticed_and_made_again() {
    let root = TempDir::new().unwrap();
    drop(filled(root.path()));
    let name = std::fs::read_to_string(root.path().join("current")).unwrap();
    for file in std::fs::read_dir(root.path().join(name)).unwrap().flatten() {
        if file
            .path()
            .extension()
            .is_some_and(|e| e == "term" || e == "idx")
        {
            let mut bytes = std::fs::read(file.path()).unwrap();
            bytes.iter_mut().take(20).for_each(|b| *b ^= 0xff);
            std::fs::write(file.path(), bytes).unwrap();
        }
    }
    let index = Index::at(root.path());
    assert!(matches!(index.place(), Err(SearchError::Missing(_))));
    assert!(matches!(
        index.find(&wanted("toner")),
        Err(SearchError::Missing(_))
    ));
    drop(index);
    let index = filled(root.path());
    assert_eq!(ids(&index, &wanted("toner")), [1]);
    assert_eq!(
        std::fs::read_dir(root.path()).unwrap().count(),
        2,
        "the old one is gone"
    );
}

#[test]
fn the_old_index_answers_until_the_new_one_is_finished() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    let mut rebuild = index.rebuild().unwrap();
    rebuild.add(vec![ticket(9, "Novo", "Só este")]).unwrap();
    assert_eq!(ids(&index, &wanted("toner")), [1]);
    rebuild.finish(&place(20)).unwrap();
    assert_eq!(ids(&index, &wanted("toner")), [0_u128; 0]);
    assert_eq!(ids(&index, &wanted("novo")), [9]);
    assert_eq!(index.place().unwrap().seq, 20);
}

#[test]
fn what_was_never_finished_does_not_stay_on_the_disk() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    drop(index.rebuild().unwrap());
    drop(index.rebuild().unwrap());
    // The file that names the index, the index, and the one that was just begun.
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 3);
    assert_eq!(ids(&index, &wanted("toner")), [1]);
}

#[test]
fn damage_that_shows_while_it_is_asked_makes_it_missing() {
    let root = TempDir::new().unwrap();
    let index = filled(root.path());
    index.discard();
    assert!(matches!(index.place(), Err(SearchError::Missing(_))));
    assert_eq!(index.read_to(), -1);
}

#[test]
fn a_word_is_found_from_its_first_letter_on_and_the_whole_word_first() {
    let root = TempDir::new().unwrap();
    let index = Index::at(root.path());
    let mut rebuild = index.rebuild().unwrap();
    let mut note = ticket(4, "Outro", "nada");
    note.internal = "redefinir".into();
    let documents = vec![
        ticket(1, "Redes", "sem sinal"),
        ticket(2, "Acesso", "a rede caiu"),
        ticket(3, "Rede", "inconstitucionalissimamente"),
        note,
    ];
    rebuild.add(documents).unwrap();
    rebuild.finish(&place(1)).unwrap();
    let ids = |words: &str, reader| {
        let wanted = Wanted {
            reader,
            ..wanted(words)
        };
        let found = index.find(&wanted).unwrap();
        let ids = found.things.iter().map(|(_, id)| id.as_u128());
        ids.collect::<Vec<_>>()
    };
    for begun in ["r", "re", "red"] {
        let mut found = ids(begun, Reader::Staff);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3, 4], "{begun}");
    }
    assert_eq!(ids("rede", Reader::Staff)[..2], [3, 2]);
    assert_eq!(ids("inconstitucional", Reader::Staff), [3]);
    assert_eq!(ids("inconstitucionalissimam", Reader::Staff), [3]);
    assert!(ids("inconstitucionalidade", Reader::Staff).is_empty());
    assert!(ids("redefinir", Reader::Owner(Uuid::nil())).is_empty());
}
