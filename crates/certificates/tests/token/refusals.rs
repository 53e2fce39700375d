//! What is refused, each in one sentence that names the thing and the next step.

use std::error::Error;

use certificates::{KeyAlgorithm, KeyRing, Token, TokenLocation, aliases};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::Session;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::fixture;
use crate::soft_hsm::{MODULE, PIN, label_of, private_keys, session, token, with_pin};
use crate::stories::{made, plan};

pub(crate) const TRIALS: &[(&str, fn())] = &[
    ("libraries_that_are_none", libraries_that_are_none),
    ("tokens_that_are_not_there", tokens_that_are_not_there),
    ("pins_that_do_not_open", pins_that_do_not_open),
    ("keys_that_are_gone", keys_that_are_gone),
    ("keys_of_other_kinds", keys_of_other_kinds),
    ("keys_that_could_leave", keys_that_could_leave),
    ("keys_of_somebody_else", keys_of_somebody_else),
    ("keys_cannot_be_moved", keys_cannot_be_moved),
];

/// P-256.
const CURVE: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// P-384.
const OTHER_CURVE: [u8; 7] = [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const ROOT: &str = "demo cordarootca";

/// Making the network's keys fails with this sentence, in which `TOKEN` stands for the label.
fn refused(token: &Token, sentence: &str) {
    let plan = plan(token.label(), |_| {});
    let mut ring = KeyRing::new("demo");
    ring.connect_token(token.clone());
    let error = ring.make_missing(&plan, Timestamp::now()).unwrap_err();
    assert_eq!(
        error.to_string().replace(token.label(), "TOKEN"),
        format!("`cordarootca` could not be made: {sentence}")
    );
}

fn at(module: &str, label: &str) -> Token {
    let location = TokenLocation {
        module: module.into(),
        label: label.to_owned(),
        serial: None,
    };
    Token::new(location, Box::new(|_| Ok(Some(SecretString::from(PIN)))))
}

fn libraries_that_are_none() {
    refused(
        &at("/usr/lib/none.so", "trade"),
        "PKCS#11 library /usr/lib/none.so cannot be used (/usr/lib/none.so: cannot open shared object file: No such file \
         or directory): install the vendor's package, or name its library in `custody.pkcs11.module`",
    );
    // Another library, which every program has.
    let other = "/lib/x86_64-linux-gnu/libm.so.6";
    refused(
        &at(other, "trade"),
        "PKCS#11 library /lib/x86_64-linux-gnu/libm.so.6 cannot be used (it has no function `C_GetFunctionList`): install \
         the vendor's package, or name its library in `custody.pkcs11.module`",
    );
}

fn tokens_that_are_not_there() {
    let error = made_error(&at(MODULE, "somewhere else"));
    assert!(
        error.starts_with(
            "`cordarootca` could not be made: /usr/lib/softhsm/libsofthsm2.so has no token `somewhere else`: connect it, \
             or name one of those that are there (`"
        ) && error.contains("`tokens_that_are_not_there` with serial "),
        "{error}"
    );
    let error = made_error(&at(MODULE, "twin"));
    assert!(
        error.contains("has 2 tokens `twin`: write `custody.pkcs11.serial` with one of "),
        "{error}"
    );
    // With one of the serial numbers that it names, it is one.
    let serial = error.rsplit(' ').next().unwrap().to_owned();
    let location = TokenLocation {
        module: MODULE.into(),
        label: "twin".to_owned(),
        serial: Some(serial),
    };
    let one = Token::new(location, Box::new(|_| Ok(Some(SecretString::from(PIN)))));
    made(&plan("twin", |_| {}), &one);
}

fn made_error(token: &Token) -> String {
    let mut ring = KeyRing::new("demo");
    ring.connect_token(token.clone());
    ring.make_missing(&plan(token.label(), |_| {}), Timestamp::now())
        .unwrap_err()
        .to_string()
}

fn pins_that_do_not_open() {
    let label = label_of("pins_that_do_not_open");
    for wrong in ["000000", "1"] {
        refused(
            &with_pin(&label, wrong).token,
            "the PIN of token `TOKEN` is wrong; the token says that few tries are left before it locks itself: make sure \
             of the PIN first",
        );
    }
    let location = TokenLocation {
        module: MODULE.into(),
        label: label.clone(),
        serial: None,
    };
    let nowhere = Token::new(
        location,
        Box::new(|place| {
            assert!(!place.keypad, "it is software");
            Err::<_, Box<dyn Error + Send + Sync>>("nobody is here".into())
        }),
    );
    refused(&nowhere, "there is no PIN for token `TOKEN`: nobody is here");
    // After all of that the right one still opens it.
    made(&plan(&label, |_| {}), &with_pin(&label, PIN).token);
}

fn keys_that_are_gone() {
    let trial = "keys_that_are_gone";
    let given = token(trial);
    let label = label_of(trial);
    let plan = plan(&label, |_| {});
    let mut ring = made(&plan, &given.token);
    let session = session(&label);
    for key in private_keys(&session, Some(ROOT)) {
        session.destroy_object(key).unwrap();
    }
    let sentence = format!(
        "token `{label}` has no private key `{ROOT}`: connect the token that it was made in, or restore it"
    );
    let before = ring.clone();
    let error = ring.renew_crls(&plan, Timestamp::now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("`root.crl` could not be made: {sentence}")
    );
    assert_eq!(
        ring.crl("tls.crl").unwrap(),
        before.crl("tls.crl").unwrap(),
        "nothing has changed"
    );
    let problems = ring.check_token(&given.token);
    let told: Vec<_> = problems
        .iter()
        .map(|(alias, problem)| format!("{alias}: {problem}"))
        .collect();
    assert_eq!(
        told,
        [format!(
            "cordarootca: `cordarootca` could not be made: {sentence}"
        )]
    );
}

fn named(label: &str) -> Vec<Attribute> {
    vec![
        Attribute::Token(true),
        Attribute::Label(label.as_bytes().to_vec()),
        Attribute::Id(vec![7]),
    ]
}

fn closed() -> Vec<Attribute> {
    vec![
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ]
}

/// A pair of EC keys in the token under this label, as somebody else made it.
fn make_ec(session: &Session, label: &str, curve: &[u8], private: Vec<Attribute>) {
    let mut public = named(label);
    public.push(Attribute::EcParams(curve.to_vec()));
    let private = [named(label), private].concat();
    session
        .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)
        .unwrap();
}

fn make_rsa(session: &Session, label: &str, bits: u64) {
    let mut public = named(label);
    public.extend([
        Attribute::ModulusBits(bits.into()),
        Attribute::PublicExponent(vec![1, 0, 1]),
    ]);
    let private = [named(label), closed()].concat();
    session
        .generate_key_pair(&Mechanism::RsaPkcsKeyPairGen, &public, &private)
        .unwrap();
}

fn empty(session: &Session) {
    for object in session.find_objects(&[Attribute::Token(true)]).unwrap() {
        session.destroy_object(object).unwrap();
    }
}

fn keys_of_other_kinds() {
    let trial = "keys_of_other_kinds";
    let given = token(trial);
    let session = session(&label_of(trial));
    let kind = |found: &str| {
        format!(
            "private key `{ROOT}` of token `TOKEN` is {found}, and EC P-256 is planned: take it away, or write the \
             algorithm that it has in `certificates.algorithm`"
        )
    };
    make_rsa(&session, ROOT, 2048);
    refused(&given.token, &kind("an RSA key"));
    empty(&session);

    make_ec(&session, ROOT, &OTHER_CURVE, closed());
    refused(&given.token, &kind("an EC key of another curve"));
    empty(&session);

    make_rsa(&session, ROOT, 2048);
    let mut ring = KeyRing::new("demo");
    ring.connect_token(given.token.clone());
    let larger = plan(given.token.label(), |request| {
        request
            .algorithms
            .of
            .insert(aliases::ROOT.into(), KeyAlgorithm::Rsa3072);
    });
    let error = ring
        .make_missing(&larger, Timestamp::now())
        .unwrap_err()
        .to_string();
    assert!(error.contains("is RSA 2048, and RSA 3072 is planned"), "{error}");
    empty(&session);

    // The one that is planned is taken.
    make_ec(&session, ROOT, &CURVE, closed());
    make_ec(&session, ROOT, &CURVE, closed());
    refused(
        &given.token,
        &format!(
            "token `TOKEN` has 2 private keys `{ROOT}`: take away all but the right one, or give the others another label"
        ),
    );
    session
        .destroy_object(private_keys(&session, Some(ROOT))[0])
        .unwrap();
    refused(
        &given.token,
        &format!(
            "token `TOKEN` has 2 public keys `{ROOT}`: take away all but the right one, or give the others another label"
        ),
    );
    empty(&session);
    make_ec(&session, ROOT, &CURVE, closed());
    for public in session
        .find_objects(&[Attribute::Class(ObjectClass::PUBLIC_KEY)])
        .unwrap()
    {
        session.destroy_object(public).unwrap();
    }
    refused(
        &given.token,
        &format!(
            "token `TOKEN` has no public key `{ROOT}`, or one that cannot be read: put it there, or take both away"
        ),
    );
    empty(&session);
    make_ec(&session, ROOT, &CURVE, closed());
    made(&plan(given.token.label(), |_| {}), &given.token);
}

fn keys_that_could_leave() {
    let trial = "keys_that_could_leave";
    let given = token(trial);
    let session = session(&label_of(trial));
    for (private, how) in [
        (
            vec![
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(true),
                Attribute::Sign(true),
            ],
            "may be taken out of it",
        ),
        (
            vec![
                Attribute::Private(true),
                Attribute::Sensitive(false),
                Attribute::Extractable(false),
                Attribute::Sign(true),
            ],
            "can be read in it",
        ),
    ] {
        make_ec(&session, ROOT, &CURVE, private);
        refused(
            &given.token,
            &format!(
                "private key `{ROOT}` of token `TOKEN` {how}: only keys that can never leave their token are used"
            ),
        );
        empty(&session);
    }
    // Closed only after it was made: somebody may have a copy.
    make_ec(
        &session,
        ROOT,
        &CURVE,
        vec![
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(true),
            Attribute::Sign(true),
        ],
    );
    let key = private_keys(&session, Some(ROOT))[0];
    session
        .update_attributes(key, &[Attribute::Extractable(false)])
        .unwrap();
    refused(
        &given.token,
        &format!(
            "private key `{ROOT}` of token `TOKEN` could once be taken out of it: only keys that can never leave their \
             token are used"
        ),
    );
}

fn keys_of_somebody_else() {
    let trial = "keys_of_somebody_else";
    let given = token(trial);
    let label = label_of(trial);
    let plan = plan(&label, |_| {});
    let mut ring = made(&plan, &given.token);
    let session = session(&label);
    let certificates::Away::Token(key) = ring.away(aliases::ROOT).unwrap().clone() else {
        panic!("it is in the token");
    };
    for object in session.find_objects(&[Attribute::Id(key.id.clone())]).unwrap() {
        session.destroy_object(object).unwrap();
    }
    // Another key under the same label and id, e.g. of a token that was set up anew.
    let mut public = vec![
        Attribute::Token(true),
        Attribute::Label(ROOT.as_bytes().to_vec()),
        Attribute::Id(key.id.clone()),
    ];
    let private = [public.clone(), closed()].concat();
    public.push(Attribute::EcParams(CURVE.to_vec()));
    session
        .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)
        .unwrap();
    let sentence = format!(
        "private key `{ROOT}` of token `{label}` is not the one of its certificate: connect the token that it was made in"
    );
    let error = ring.renew_crls(&plan, Timestamp::now()).unwrap_err().to_string();
    assert_eq!(error, format!("`root.crl` could not be made: {sentence}"));
    let problems = ring.check_token(&given.token);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].1.to_string().ends_with(&sentence));
}

fn keys_cannot_be_moved() {
    let trial = "keys_cannot_be_moved";
    let given = token(trial);
    let label = label_of(trial);
    let in_token = plan(&label, |_| {});
    let in_file = fixture::plan();
    let cases = [
        (
            fixture::ring(),
            &in_token,
            "in the key file".to_owned(),
            format!("in token `{label}`"),
        ),
        (
            made(&in_token, &given.token),
            &in_file,
            format!("in token `{label}`"),
            "in the key file".to_owned(),
        ),
    ];
    for (mut ring, plan, existing, planned) in cases {
        ring.connect_token(given.token.clone());
        let sentence = format!(
            "`cordarootca` was made with its private key {existing}, and now {planned} is asked for: give it its old \
             value again, or start a new network with a key file of its own"
        );
        let error = ring.make_missing(plan, Timestamp::now()).unwrap_err();
        assert_eq!(error.to_string(), sentence);
        let error = ring
            .rotate(aliases::SSL_ROOT, plan, Timestamp::now())
            .unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
    // Without a token at all.
    let mut ring = KeyRing::new("demo");
    let error = ring.make_missing(&in_token, Timestamp::now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "`cordarootca` could not be made: no token `{label}` is connected: run a command that reads the topology, which \
             says where it is"
        )
    );
}
