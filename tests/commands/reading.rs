//! Lists, objects, formats, masking and reveals.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::Value;

use crate::support::cli::CliEnv;

#[test]
fn lists_page_by_page_in_every_format() {
    let cli = CliEnv::with_people(230);
    let all = cli.run(&["sessions", "list", "--all", "--format", "jsonl"]).objects();
    assert_eq!(all.len(), 230);
    let id = |object: &Value| object["id"].as_str().expect("an id").to_owned();

    let text = cli.run(&["sessions", "list", "--limit", "130", "--format", "json"]).done();
    let list: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(list["data"].as_array().map(Vec::len), Some(130));
    assert_eq!((&list["object"], &list["has_more"]), (&"list".into(), &true.into()));
    assert_eq!(list["data"][129], all[129]);
    for secret in ["client_secret", "\"url\""] {
        assert!(!text.contains(secret), "{secret}");
    }

    let older = ["sessions", "list", "--starting-after", &id(&all[129]), "--all", "--format", "jsonl"];
    assert_eq!(cli.run(&older).objects(), all[130..]);
    let newer = ["sessions", "list", "--ending-before", &id(&all[3]), "--format", "jsonl"];
    assert_eq!(cli.run(&newer).objects(), all[..3]);

    let csv = cli.run(&["sessions", "list", "--all", "--format", "csv", "--columns", "id,status"]).done();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), ("id,status", 231));
    assert_eq!(lines[1], format!("{},{}", id(&all[0]), all[0]["status"].as_str().expect("a status")));

    let table = cli.run(&["sessions", "list"]).done();
    assert_eq!(table.lines().count(), 21, "20 and the titles");
    assert!(table.starts_with("ID ") && !table.contains('\u{1b}'), "{table}");
}

#[test]
fn lists_are_filtered_by_the_api() {
    let cli = CliEnv::with_people(60);
    let statuses = |args: &[&str]| -> Vec<String> {
        let fixed = ["sessions", "list", "--all", "--format", "jsonl"];
        let objects = cli.run(&[&fixed[..], args].concat()).objects();
        objects.iter().map(|object| object["status"].as_str().expect("a status").to_owned()).collect()
    };
    let verified = statuses(&["--status", "verified"]);
    assert!(!verified.is_empty() && verified.iter().all(|status| status == "verified"));
    let recent = statuses(&["--since", "7d"]).len();
    assert!(recent > 0 && recent + statuses(&["--created-lt", "7d"]).len() == 60, "{recent}");
    assert_eq!(statuses(&["--since", "2200-01-01"]).len(), 0);
    cli.create(&["--client-reference-id", "user_81"]);
    assert_eq!(statuses(&["--reference", "user_81"]).len(), 1);
    let empty = cli.run(&["sessions", "list", "--reference", "nobody", "--format", "json"]).done();
    assert_eq!(serde_json::from_str::<Value>(&empty).expect("JSON")["data"], Value::Array(Vec::new()));
}

#[test]
fn reports_are_listed_and_shown() {
    let cli = CliEnv::empty();
    let id = cli.submitted("document_expired");
    let reports = cli.run(&["reports", "list", "--session", &id, "--format", "jsonl"]).objects();
    let report = reports[0]["id"].as_str().expect("an id");
    assert_eq!(reports[0]["document"]["error"]["code"], "document_expired");
    let csv = [
        "reports",
        "get",
        report,
        "--format",
        "csv",
        "--columns",
        "document.error.code,verification_session",
    ];
    assert_eq!(
        cli.run(&csv).done(),
        format!("document.error.code,verification_session\ndocument_expired,{id}\n")
    );
    let card = cli.run(&["reports", "get", report]).done();
    assert!(card.starts_with("id ") && card.contains("\n  status"), "{card}");
    let error = cli.run(&["reports", "get", &id]).fails(2);
    assert!(error.contains("belong to `vetty sessions`"), "{error}");
}

#[test]
fn what_is_not_there_does_not_keep_the_others_back() {
    let cli = CliEnv::empty();
    let ids = [cli.create(&[]), cli.create(&[])];
    let input = format!("{}\nvs_gone\n# a remark\n\n{{\"id\":\"{}\"}}\n", ids[0], ids[1]);
    let run = cli.run_with(&["sessions", "get", "-", "--format", "csv", "--columns", "id"], &input);
    assert_eq!((run.code, run.out), (Some(1), format!("id\n{}\n{}\n", ids[0], ids[1])));
    let lines: Vec<&str> = run.err.lines().collect();
    assert!(lines[0].starts_with("vetty: Session vs_gone does not exist at 127.0.0.1:"), "{lines:?}");
    assert!(lines[0].contains("(request req_"), "{lines:?}");
    assert_eq!(lines[1..], ["vetty: 1 of 3 were not read."]);
    let one = cli.run(&["sessions", "get", "vs_gone", "--format", "json"]).fails(1);
    assert!(one.contains("does not exist"), "{one}");
}

#[test]
fn personal_data_is_masked_until_a_reveal_is_written_down() {
    let cli = CliEnv::empty();
    let id = cli.create(&["--email", "jenny.rosen@example.com", "--phone", "+14155550132"]);
    for format in ["table", "json", "jsonl", "csv"] {
        let masked = cli.run(&["sessions", "get", &id, "--format", format]).done();
        assert!(masked.contains("j•••@e•••") && masked.contains("•••• 32"), "{masked}");
        assert!(!masked.contains("rosen") && !masked.contains("5550132"), "{masked}");
    }
    assert!(cli.audit().iter().all(|line| line["action"] != "reveal"));

    let columns = "id,provided_details.email,provided_details.phone";
    let args = ["sessions", "get", &id, "--reveal", "--columns", columns];
    let csv = cli.run(&[&args[..], &["--format", "csv"]].concat()).done();
    assert!(csv.ends_with(&format!("{id},jenny.rosen@example.com,'+14155550132\n")), "no formula: {csv}");
    let audit = cli.audit();
    let line = audit.last().expect("a line");
    assert_eq!((&line["action"], &line["object"]), (&"reveal".into(), &id.as_str().into()));
    assert_eq!((&line["via"], &line["operator"]), (&"cli:sessions-get".into(), &"ann".into()));
    let jsonl = cli.run(&["sessions", "get", &id, "--reveal", "--format", "jsonl"]).objects();
    assert_eq!(jsonl[0]["provided_details"]["phone"], "+14155550132", "intact");

    let list = ["sessions", "list", "--expand", "provided_details", "--reveal", "--format", "jsonl"];
    let before = cli.audit().len();
    assert!(cli.run(&list).done().contains("jenny.rosen@example.com"));
    assert_eq!(cli.audit().len(), before + 1, "one line for each record");
    let audit = std::fs::read_to_string(cli.state().join("vetty/audit.jsonl")).expect("the audit");
    assert!(!audit.contains("rosen") && !audit.contains("5550132"), "{audit}");
}

#[test]
fn nothing_is_revealed_that_cannot_be_written_down() {
    let cli = CliEnv::empty();
    let id = cli.create(&["--email", "jenny.rosen@example.com"]);
    std::fs::remove_dir_all(cli.state()).expect("removed");
    std::fs::write(cli.state(), "no folder").expect("a file in the way");
    let error = cli.run(&["sessions", "get", &id, "--reveal"]).fails(3);
    assert!(
        error.starts_with("vetty: Nothing was revealed, because it could not be written down"),
        "{error}"
    );
    assert!(cli.run(&["sessions", "get", &id]).done().contains("j•••@e•••"), "masked it can be read");
    let error = cli.run(&["sessions", "cancel", &id, "--yes", "--reason", "test"]).fails(3);
    assert!(error.starts_with("vetty: Nothing was sent, because it could not be written down"), "{error}");
    assert_eq!(cli.session(&id)["status"], "requires_input");
}

#[test]
fn sensitive_fields_come_only_when_they_are_named() {
    let cli = CliEnv::empty();
    let id = cli.submitted("verified");
    let usual = cli.session(&id);
    assert!(usual["verified_outputs"]["first_name"].is_string());
    assert!(usual["verified_outputs"].get("dob").is_none(), "{usual}");
    let args = ["sessions", "get", &id, "--expand", "verified_outputs.dob", "--format", "jsonl"];
    assert_eq!(cli.run(&args).objects()[0]["verified_outputs"]["dob"], "••••");
    let shown = cli.run(&[&args[..], &["--reveal"]].concat()).objects();
    let date = shown[0]["verified_outputs"]["dob"].as_str().expect("a date").to_owned();
    assert!(date.len() == 10 && date.matches('-').count() == 2, "{date}");
    let bare = cli.run(&["sessions", "get", &id, "--bare", "--format", "jsonl"]).objects();
    assert!(bare[0].get("verified_outputs").is_none());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let cli = CliEnv::with_people(300);
    let mut command = cli.command(&["sessions", "list", "--all", "--format", "jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    drop(reader);
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    assert_eq!((child.wait().expect("it ends").code(), err.as_str()), (Some(0), ""));
}

#[test]
fn what_is_wrong_is_said_with_its_exit_code() {
    let nowhere = CliEnv::at("http://127.0.0.1:1");
    let error = nowhere.run(&["sessions", "list"]).fails(3);
    assert!(error.starts_with("vetty: Could not reach 127.0.0.1:1 while listing sessions"), "{error}");
    let run = nowhere.run_with(&["sessions", "get", "-"], "vs_1\nvs_2\nvs_3\n");
    assert_eq!((run.code, run.err.lines().count()), (Some(3), 2), "{}", run.err);
    assert!(run.err.ends_with("vetty: 3 of 3 were not read, 2 of them not asked for.\n"), "{}", run.err);

    let wrong = |args: &[&str], says: &str| {
        let error = nowhere.run(args).fails(2);
        assert!(error.contains(says), "{error}");
    };
    wrong(&["sessions", "list", "--columns", "id,nope"], "there is no column `nope`");
    wrong(&["sessions", "list", "--since", "soon"], "write 2026-03-01");
    wrong(&["sessions", "list", "--status", "new"], "possible values: requires_input");
    wrong(&["sessions", "list", "--limit", "0"], "0 is not in 1..");
    wrong(&["sessions", "list", "--all", "--limit", "5"], "cannot be used with");
    wrong(&["sessions", "get", "vr_1"], "belong to `vetty reports`");
    wrong(&["sessions", "get", "-"], "no session id on standard input");
    wrong(&["sessions", "get"], "required");
    wrong(&["sessions", "list", "--sandbox", "--profile", "x"], "--sandbox and --profile");
    wrong(&["sessions", "list", "--profile", "x"], "x");

    let keyless = CliEnv::keyless();
    let error = keyless.run(&["sessions", "list"]).fails(2);
    assert!(error.starts_with("vetty: There is no API key."), "{error}");
    let invented = keyless.run(&["--sandbox", "sessions", "list", "--limit", "3", "--format", "jsonl"]);
    assert_eq!(invented.objects().len(), 3, "flags may stand before the command");
}

#[test]
fn what_integrators_wrote_about_a_person_is_masked_too() {
    let cli = CliEnv::empty();
    let id = cli.create(&[
        "--client-reference-id=canary@example.com",
        "--metadata=first=Canary",
        "--metadata=note=call +1 415 555 0177 or canary@example.org",
        "--metadata=order=4155550177",
        "--return-url=https://shop.example/?name=Canary",
    ]);
    for format in ["table", "json", "jsonl", "csv"] {
        for command in [&["get", &id][..], &["list"][..]] {
            let args = [&["sessions"], command, &["--format", format]].concat();
            let masked = cli.run(&args).done();
            assert!(
                !masked.to_lowercase().contains("canary") && !masked.contains("555 01"),
                "{args:?} {masked}"
            );
        }
    }
    let session = &cli.run(&["sessions", "list", "--format", "jsonl"]).objects()[0];
    assert_eq!(session["client_reference_id"], "c•••@e•••");
    assert_eq!(session["metadata"]["note"], "call •••• 77 or c•••@e•••");
    assert_eq!(
        (&session["metadata"]["order"], &session["metadata"]["first"]),
        (&"4155550177".into(), &"••••".into())
    );
    let told: Vec<String> = cli.audit().iter().map(ToString::to_string).collect();
    assert!(!told.concat().contains("anary"), "{told:?}");
    let shown = cli.run(&["sessions", "get", &id, "--reveal"]).done();
    assert!(shown.contains("canary@example.com") && shown.contains("Canary"), "{shown}");

    // The settings hide one key and free another.
    cli.write("own.toml", "[masking]\npersonal_keys = [\"ORDER\"]\nplain_keys = [\"first\"]\n");
    let own = cli.home().join("own.toml").display().to_string();
    let listed = cli.run(&["--config", &own, "sessions", "list", "--format", "jsonl"]).objects();
    assert_eq!(listed[0]["metadata"]["order"], "••••");
    assert_eq!(listed[0]["metadata"]["first"], "Canary");
}

#[test]
fn a_mask_is_never_taken_for_a_value() {
    let cli = CliEnv::empty();
    let id = cli.create(&["--metadata=email=ann@example.com"]);
    let csv = cli.run(&["sessions", "list", "--format", "csv", "--columns", "metadata.email"]).done();
    let mask = csv.lines().nth(1).expect("a row");
    for args in [
        &["sessions", "update", &id, "--metadata", &format!("email={mask}")][..],
        &["sessions", "update", &id, "--email", mask][..],
        &["sessions", "create", "--type", "document", "--client-reference-id", mask][..],
        &["sessions", "list", "--client-reference-id", mask][..],
    ] {
        let refusal = cli.run(args).fails(2);
        assert!(refusal.contains("stands for something hidden"), "{refusal}");
    }
    let refusal = cli.run_with(&["sessions", "cancel", "-", "--yes", "--reason", "test"], mask).fails(2);
    assert!(refusal.contains("stands here for something hidden"), "{refusal}");
    assert_eq!(cli.session(&id)["metadata"]["email"], "a•••@e•••");
}
