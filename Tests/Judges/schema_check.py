"""Judges that what is published is what the documents say: schemas, digests and samples.

The files of dist/ are checked against docs/schema with a JSON Schema validator that others made, each sample against
the variables that its template publishes, and each digest is worked out again from docs/bundle-format.md.
"""

import copy
import hashlib
import json

import jsonschema
from jsonschema.validators import Draft202012Validator

import judging

SCHEMAS = {"bundle": "bundle.schema.json", "manifest": "manifest.schema.json", "mail": "mail.schema.json"}


def load_schemas(site, verdict):
    """The validators of the published schemas by the kind of file."""
    result = {}
    for kind, name in SCHEMAS.items():
        path = site / "docs" / "schema" / name
        if not verdict.check(path.exists(), f"docs/schema/{name} exists"):
            continue
        schema = json.loads(path.read_text(encoding="utf-8"))
        verdict.check(schema.get("$schema") == Draft202012Validator.META_SCHEMA["$id"],
                      f"docs/schema/{name} says that it is of 2020-12")
        try:
            Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            verdict.check(False, f"docs/schema/{name} is a schema: {error.message}")
            continue
        result[kind] = Draft202012Validator(schema)
    return result


def check_valid(validator, value, what, verdict):
    """One claim: the value is valid."""
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    verdict.check(error is None, lambda: f"{what}: {error.json_path}: {error.message}")


def check_rejects(validator, value, what, verdict):
    """The schema can say no: a file without one of its keys, or with one more, is not valid."""
    for key in sorted(value):
        less = {name: item for name, item in value.items() if name != key}
        if key in validator.schema.get("required", []):
            verdict.check(not validator.is_valid(less), f"the schema of {what} misses '{key}'")
    verdict.check(not validator.is_valid({**value, "unknownKey": 1}), f"the schema of {what} refuses an unknown key")


def kind_of(path):
    """Which schema a file of dist/ answers to, or None for a part of a mail."""
    if path == "bundle.json":
        return "bundle"
    if path.endswith("/manifest.json") and path.count("/") == 1:
        return "manifest"
    return "mail" if path.endswith(".mail.json") else None


def check_files(bundle, schemas, verdict):
    """Each JSON file is valid, and each schema can refuse."""
    seen = set()
    for path, content in bundle.files().items():
        kind = kind_of(path)
        if kind not in schemas:
            continue
        value = json.loads(content)
        check_valid(schemas[kind], value, path, verdict)
        if kind not in seen:
            seen.add(kind)
            check_rejects(schemas[kind], value, path, verdict)
    verdict.check(seen == set(SCHEMAS), f"files of each kind were found: {sorted(seen)}")


def check_objects(bundle, environment, verdict):
    """The manifest lists exactly the files that are there, with their digests and sizes."""
    manifest = bundle.manifest(environment)
    listed = {entry["key"]: entry for entry in manifest["objects"]}
    verdict.check(len(listed) == len(manifest["objects"]), f"{environment}: each key is listed once")
    for key, entry in listed.items():
        for alias in entry.get("aliases", []):
            target = listed.get(alias, {})
            verdict.check(target.get("aliasOf") == key and target.get("sha256") == entry["sha256"],
                          f"{environment}: '{alias}' is listed as an alias of '{key}'")
        if "aliasOf" in entry:
            verdict.check(key in listed.get(entry["aliasOf"], {}).get("aliases", []),
                          f"{environment}: '{entry['aliasOf']}' knows its alias '{key}'")
    folder = bundle.folder / environment
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    there.discard("manifest.json")
    verdict.check(there == set(listed), lambda: f"{environment}: files and objects are the same: "
                                                f"{sorted(there ^ set(listed))[:6]}")
    for key in sorted(there & set(listed)):
        content = bundle.bytes(environment, key)
        verdict.check(hashlib.sha256(content).hexdigest() == listed[key]["sha256"], f"{environment}/{key}: sha256")
        verdict.check(len(content) == listed[key]["bytes"], f"{environment}/{key}: bytes")


def compact(value):
    """The canonical form of docs/bundle-format.md."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def check_digests(bundle, verdict):
    """The digests of bundle.json, worked out from the files alone."""
    index = json.loads((bundle.folder / "bundle.json").read_bytes())
    contents = {}
    for environment in bundle.environments:
        manifest = bundle.manifest(environment)
        verdict.check(manifest.pop("bundle") == index["digest"], f"{environment}: the manifest names its bundle")
        contents[environment] = hashlib.sha256(compact(manifest)).hexdigest()
    canonical = {"schemaVersion": index["schemaVersion"], "environments": contents}
    digest = "sha256:" + hashlib.sha256(compact(canonical)).hexdigest()
    verdict.equal(index["digest"], digest, "the digest of the bundle")
    verdict.check([entry["name"] for entry in index["environments"]] == bundle.environments,
                  "the bundle lists its environments")
    for entry in index["environments"]:
        content = (bundle.folder / entry["manifest"]).read_bytes()
        name = entry["name"]
        objects = bundle.manifest(name)["objects"]
        verdict.check(entry["sha256"] == hashlib.sha256(content).hexdigest(), f"{name}: digest of the manifest's file")
        verdict.check(entry["content"] == contents[name], f"{name}: digest of the manifest's content")
        verdict.check(entry["objects"] == len(objects), f"{name}: number of objects")
        verdict.check(entry["bytes"] == sum(one["bytes"] for one in objects), f"{name}: number of bytes")


def check_sources(site, bundle, environment, verdict):
    """The digests of the sources are those of the files that were read."""
    for source in bundle.manifest(environment)["sources"]:
        content = (site / source["path"]).read_bytes()
        verdict.check(hashlib.sha256(content).hexdigest() == source["sha256"], f"{environment}: {source['path']}")


def check_samples(site, bundle, environment, verdict):
    """Each sample is valid for the variables that its template publishes, and not without what they require."""
    for template in bundle.manifest(environment)["templates"]:
        schema = template["variables"]
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        samples = judging.samples(site, template["id"])
        verdict.check("default" in samples, f"{template['id']} has a sample 'default'")
        for name, values in samples.items():
            what = f"{template['id']} sample '{name}'"
            check_valid(validator, values, what, verdict)
            for variable in schema.get("required", []):
                less = copy.deepcopy(values)
                less.pop(variable, None)
                verdict.check(not validator.is_valid(less), f"{what} is not valid without '{variable}'")


def main():
    arguments = judging.parser(__doc__).parse_args()
    verdict = judging.Verdict()
    with judging.scratch() as folder:
        bundle = judging.Galley(arguments.galley).build(arguments.site, folder / "dist")
        schemas = load_schemas(judging.SITE, verdict)
        check_files(bundle, schemas, verdict)
        check_digests(bundle, verdict)
        for environment in bundle.environments:
            check_objects(bundle, environment, verdict)
            check_sources(arguments.site, bundle, environment, verdict)
            check_samples(arguments.site, bundle, environment, verdict)
    verdict.finish()


if __name__ == "__main__":
    main()
