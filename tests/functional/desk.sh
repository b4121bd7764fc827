#!/bin/sh
# From a key to a summary, one command after the other, as a coalition would go; with invented people, on one machine.
#
#   tests/functional/desk.sh FOLDER [PEOPLE]
#
# FOLDER must be new or empty; everything is written there, and nothing else is touched. `sauti`, and the Python that it
# is installed in, must be on the PATH.
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd) people=${2:-30}
repository=$(cd "$(dirname "$0")/../.." && pwd)
export PYTHONPATH="$repository"
umask 077

servers=
trap 'for server in $servers; do kill "$server" 2>/dev/null || :; done' EXIT

field() { # the value of one text field of a JSON line on stdin
    sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"
}

address_of() { # waits for the line {"ready": true, "url": …} in a server's output, as long as the server lives
    while ! grep -q '"ready"' "$1"; do
        kill -0 "$2" || exit 1
        sleep 0.2
    done
    field url <"$1"
}

end() { # asks a server to end, which it does with 0
    kill "$1"
    wait "$1"
}

cd "$folder"

# --- Three custodians meet, offline. Any two of them can open later; nobody can alone. ------------------------------
printf '%s\n' "first custodian's passphrase" "second custodian's passphrase" "third custodian's passphrase" >passphrases
export SAUTI_PASSPHRASE_FILE="$folder/passphrases"
sauti keys new --out keys --shares 3 --threshold 2

# --- The consultation is looked over, and becomes a round. A rehearsal: every person in it is invented. --------------
export SAUTI_DATABASE_URL="sqlite:///$folder/sauti.db"
export SAUTI_SECRETS_DIR="$folder/secrets"
sauti check "$repository/examples/protection.yaml"
round=$(sauti round new "$repository/examples/protection.yaml" --public-key keys/round.public.json --rehearsal | field round)

# --- It opens only after two custodians have shown that they can open with the key. ---------------------------------
sauti simulator --port 0 --no-rate-limits >simulator.out 2>simulator.log &
simulator=$! servers="$simulator"
SAUTI_BOT_API_URL=$(address_of simulator.out "$simulator")
export SAUTI_BOT_API_URL
sauti round challenge "$round" --out challenge.json
sauti keys drill challenge.json --key keys/share-1.json keys/share-3.json --out proof.json
code=$(sauti round open "$round" --drill proof.json | field code)

# --- The bot listens; people answer. ----------------------------------------------------------------------------------
printf '424242:a-token-that-only-the-simulator-takes\n' >token
export SAUTI_BOT_TOKEN_FILE="$folder/token"
sauti bot >bot.out 2>bot.log &
bot=$! servers="$simulator $bot"
address_of bot.out "$bot" >/dev/null
python -m tests.functional.answer "$SAUTI_BOT_API_URL" "$code" "$people" >people.json
sauti round status "$round" --format json >status.json

# --- The round ends, for good. The sealed responses leave the server as one signed file. ----------------------------
end "$bot"
end "$simulator"
servers=
sauti round close "$round"
sauti bundle "$round" --out round.bundle

# --- At the desk, offline: two custodians open, the machine counts, and only what may be shown is written down. -----
sauti tabulate round.bundle --key keys/share-1.json keys/share-3.json --ledger ledger.jsonl --out candidate.json
sauti render candidate.json --product summary --format html,md --lang en,fr,es,ar --out summary
