/// The functions that a module of Python needs besides its classes; those that no class calls are left out.
enum PythonRuntime {
  /// What every module has.
  static let base = #"""
    class ContractError(ValueError):
        """Data that a mail does not allow; the message says where."""


    class Keys(NamedTuple):
        """The keys of the objects of a mail in one locale; subject, preheader and sender stand in `mail`, a JSON object."""

        html: str
        text: str
        mail: str


    class Data:
        """What all mails and records have."""

        __slots__ = ()

        def _context(self, at: str) -> dict[str, Any]:
            raise NotImplementedError


    """#

  /// A function with the name by which classes call it.
  struct Function {
    let name: String
    let text: String
  }

  /// The functions in the order in which they stand in a module.
  static let functions: [Function] = [
    Function(
      name: "_fault",
      text: #"""
        def _fault(at: str, wanted: str, value: object) -> ContractError:
            shown = repr(value)
            return ContractError(f"{at}: {wanted} is wanted, not {shown if len(shown) <= 60 else shown[:59] + '…'}")
        """#),
    Function(
      name: "_values",
      text: #"""
        def _values(data: object, at: str, required: set[str], others: set[str]) -> Mapping[str, Any]:
            """The members of a mapping that holds what it must and nothing that is not declared."""
            if not isinstance(data, Mapping):
                raise _fault(at.rstrip(".") or "the data", "a mapping", data)
            for name in data:
                if name not in required and name not in others:
                    near = difflib.get_close_matches(str(name), sorted(required | others), n=1)
                    raise ContractError(f"{at}{name} is not declared" + (f"; did you mean '{near[0]}'?" if near else ""))
            missing = sorted(required - set(data))
            if missing:
                raise ContractError(f"{at}{missing[0]} is missing")
            return data
        """#),
    Function(
      name: "_each",
      text: #"""
        def _each(values: object, at: str, make: Callable[[Any, str], Any]) -> list[Any]:
            if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
                raise _fault(at, "a list", values)
            return [make(value, f"{at}[{index}]") for index, value in enumerate(values)]
        """#),
    Function(
      name: "_record",
      text: #"""
        def _record(value: object, kind: type[Data], at: str) -> dict[str, Any]:
            if not isinstance(value, kind):
                raise _fault(at, kind.__name__, value)
            return value._context(at + ".")
        """#),
    Function(
      name: "_text",
      text: #"""
        def _text(value: object, at: str) -> str:
            if not isinstance(value, str):
                raise _fault(at, "a text", value)
            return value
        """#),
    Function(
      name: "_money",
      text: #"""
        def _money(value: object, at: str) -> str:
            if not isinstance(value, str):
                raise _fault(at, "an amount that is formatted as text", value)
            return value
        """#),
    Function(
      name: "_integer",
      text: #"""
        def _integer(value: object, at: str) -> int:
            if not isinstance(value, int) or isinstance(value, bool):
                raise _fault(at, "a whole number", value)
            return value
        """#),
    Function(
      name: "_boolean",
      text: #"""
        def _boolean(value: object, at: str) -> bool:
            if not isinstance(value, bool):
                raise _fault(at, "True or False", value)
            return value
        """#),
    Function(
      name: "_decimal",
      text: #"""
        def _decimal(value: object, at: str) -> str | int | float:
            """A Decimal becomes text in plain digits; a number that would be printed with an exponent is refused."""
            if isinstance(value, Decimal) and value.is_finite():
                return format(value, "f")
            if isinstance(value, float) and not set(repr(value)) <= set("-.0123456789"):
                raise _fault(at, "a number that is printed in plain digits", value)
            if not isinstance(value, (str, int, float)) or isinstance(value, bool):
                raise _fault(at, "a number or a text", value)
            return value
        """#),
    Function(
      name: "_date",
      text: #"""
        def _date(value: object, at: str) -> str:
            """A date becomes ISO 8601."""
            if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
                return value.isoformat()
            if not isinstance(value, str):
                raise _fault(at, "a date or a text", value)
            return value
        """#),
    Function(
      name: "_datetime",
      text: #"""
        def _datetime(value: object, at: str) -> str:
            """A time becomes ISO 8601; it must say its zone."""
            if isinstance(value, datetime.datetime):
                if value.tzinfo is None:
                    raise _fault(at, "a datetime with a time zone", value)
                return value.isoformat()
            if not isinstance(value, str):
                raise _fault(at, "a datetime or a text", value)
            return value
        """#),
    Function(
      name: "_url",
      text: #"""
        def _url(value: object, at: str) -> str:
            if not isinstance(value, str) or not re.fullmatch(r"(?i:https?|mailto|tel|sms|cid):[^\x00-\x20]+", value):
                raise _fault(at, "an address of the scheme http, https, mailto, tel, sms or cid", value)
            return value
        """#),
    Function(
      name: "_email",
      text: #"""
        def _email(value: object, at: str) -> str:
            if not isinstance(value, str) or not re.fullmatch(r"[^@]+@[^@]+", value):
                raise _fault(at, "an address of mail", value)
            return value
        """#),
    Function(
      name: "_color",
      text: #"""
        def _color(value: object, at: str) -> str:
            pattern = r"#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|[A-Za-z]{3,30}"
            if not isinstance(value, str) or not re.fullmatch(pattern, value):
                raise _fault(at, "'#rrggbb' or the name of a color", value)
            return value
        """#),
    Function(
      name: "_choice",
      text: #"""
        def _choice(value: object, choices: tuple[str, ...], at: str) -> str:
            if not isinstance(value, str) or value not in choices:
                raise _fault(at, "one of " + ", ".join(repr(choice) for choice in choices), value)
            return value
        """#),
    Function(
      name: "_fulfilled",
      text: #"""
        def _fulfilled(value: Any, duties: Mapping[str, Mapping[Part, str]], part: Part | None, path: str = "") -> Any:
            """The data with what the dialect leaves to its caller done: for one part, or for all at once."""
            if isinstance(value, dict):
                start = path + "." if path else ""
                return {name: _fulfilled(item, duties, part, start + name) for name, item in value.items()}
            if isinstance(value, list):
                return [_fulfilled(item, duties, part, path + "[]") for item in value]
            if not isinstance(value, str):
                return value
            orders = {order for place, order in duties.get(path, {}).items() if part is None or place == part}
            if "urlPart" in orders:
                value = urllib.parse.quote(value, safe="/~")
            if "address" in orders:
                value = urllib.parse.quote(value, safe="/~@")
            if "line" in orders:
                value = value.replace("\r", " ").replace("\n", " ")
            if orders & {"html", "url"}:
                value = html.escape(value, quote=False).replace('"', "&#34;").replace("'", "&#39;")
            return value
        """#),
  ]
}
