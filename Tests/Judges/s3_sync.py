"""Judges that dist/dev, given to `aws s3 sync` as it is, makes a bucket in which each service finds its key.

The catalog is written down here once more, by hand, from what the consumers ask for: it must not be worked out from
what Galley says about itself.
"""

import logging
import os
import pathlib
import subprocess
import sys
import time

import boto3
from moto.server import ThreadedMotoServer

import judging

# The keys that the sending services read. Other locales stand at <locale>/<key>.
CATALOG = [
    "receipts/payment_received.html",
    "receipts/payment_failed.html",
    "receipts/refund_processed.html",
    "notifications/order_confirmation.html",
    "notifications/order_shipped.html",
    "notifications/order_delivered.html",
    "notifications/order_cancelled.html",
    "invoices/invoice_created.html",
    "invoices/invoice_updated.html",
    "marketing/campaign_notification.html",
    "marketing/welcome_email.html",
    "marketing/newsletter_template.html",
    "receipts/payment_received_internal.html",
    "notifications/order_confirmation_internal.html",
    "notifications/order_delivered_internal.html",
    "invoices/invoice_created_internal.html",
    "customer/order_confirmation.html",
    "internal/order_notification.html",
]

# The same bytes at another key, because consumers ask for different names.
ALIASES = {
    "receipts/receipt.html": "receipts/payment_received.html",
    "receipts/order.html": "notifications/order_confirmation.html",
    "notifications/order_confirmation_customer.html": "notifications/order_confirmation.html",
    "notifications/payment_confirmation_customer.html": "receipts/payment_received.html",
    "notifications/site_creation_customer.html": "notifications/order_delivered.html",
    "invoices/invoice.html": "invoices/invoice_created.html",
    "templates/customer/welcome.html": "marketing/welcome_email.html",
    "templates/customer/order-confirmation.html": "notifications/order_confirmation.html",
    "templates/customer/payment-success.html": "receipts/payment_received.html",
    "templates/customer/payment-failed.html": "receipts/payment_failed.html",
    "templates/customer/campaign.html": "marketing/campaign_notification.html",
}

OTHER_LOCALES = ["af-ZA", "zu-ZA"]
BUCKET = "bbws-templates-dev"
REGION = "eu-west-1"


def cloud(endpoint, folder):
    """The environment of a client that can reach nothing but the local server."""
    return {
        "PATH": os.environ.get("PATH", ""), "HOME": str(folder), "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "2",
        "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    }


def sync(folder, environment):
    """Runs the real client; returns the lines it says about copies."""
    aws = pathlib.Path(sys.executable).parent / "aws"
    process = subprocess.run([str(aws), "s3", "sync", "--no-progress", "--delete", str(folder), f"s3://{BUCKET}"],
                             capture_output=True, text=True, env=environment, timeout=300, check=False)
    if process.returncode != 0:
        print(process.stderr[-2000:])
        raise SystemExit("FAILED aws s3 sync\n0 passed, 1 failed")
    return process.stdout.splitlines()


def check_bucket(stored, files, verdict):
    """The bucket holds each key of the catalog, each alias, and exactly the files of the folder."""
    verdict.check(len(CATALOG) == len(set(CATALOG)) == 18, "the catalog has its 18 keys")
    for prefix in ["", *(f"{locale}/" for locale in OTHER_LOCALES)]:
        for key in CATALOG:
            for part in (key, key[:-5] + ".txt", key[:-5] + ".mail.json"):
                verdict.check(stored.get(prefix + part), f"'{prefix + part}' is there and not empty")
        for alias, key in ALIASES.items():
            verdict.check(prefix + alias in stored, f"the alias '{prefix + alias}' is there")
            verdict.equal(stored.get(prefix + alias), stored.get(prefix + key), f"'{prefix + alias}' is '{key}'")
            text = prefix + alias[:-5] + ".txt"
            if text in stored:
                verdict.equal(stored[text], stored.get(prefix + key[:-5] + ".txt"), f"'{text}'")
    verdict.check(stored.keys() == files.keys(), lambda: f"bucket and folder hold the same keys: "
                                                         f"{sorted(stored.keys() ^ files.keys())[:6]}")
    for key, content in files.items():
        verdict.equal(stored.get(key), content, f"'{key}' has the bytes of the folder")


def main():
    arguments = judging.parser(__doc__).parse_args()
    verdict = judging.Verdict()
    with judging.scratch() as folder:
        judging.Galley(arguments.galley).build(arguments.site, folder / "dist")
        # A bucket knows times to the second: what was written in the second of its upload would count as newer.
        an_hour_ago = time.time() - 3600
        for path in (folder / "dist").rglob("*"):
            os.utime(path, (an_hour_ago, an_hour_ago))
        bundle = judging.Bundle(folder / "dist" / "dev")
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or it says each request
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        try:
            host, port = server.get_host_and_port()
            environment = cloud(f"http://{host}:{port}", folder)
            os.environ.update(environment)
            client = boto3.client("s3")
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
            files = bundle.files()
            verdict.check(len(sync(bundle.folder, environment)) == len(files), "the first run copies each file")
            verdict.check(sync(bundle.folder, environment) == [], "a second run copies nothing")
            keys = [entry["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
                    for entry in page.get("Contents", [])]
            stored = {key: client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}
            check_bucket(stored, files, verdict)
        finally:
            server.stop()
    verdict.finish()


if __name__ == "__main__":
    main()
