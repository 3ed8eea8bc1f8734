"""The tables of Work 365 and of the Power Pages portal beside it, as the bot's application user finds them."""

from collections.abc import Iterable

from sandbox.dataverse.columns import Definition, Kind, Navigation, define

STATES = {0: "Active", 1: "Closed", 2: "Paid", 3: "Canceled"}
STATUSES = {
    1: "New",
    2: "Partially Shipped",
    4: "Billed",
    7: "Invoiced",
    100001: "Complete",
    100002: "Partial",
    100003: "Canceled",
    805210007: "Sent to collections",
}
TERMS = {1: "Net 30", 2: "2% 10, Net 30", 3: "Net 45", 4: "Net 60"}
ACTIVE = {0: "Active", 1: "Inactive"}
_STATE_COLUMNS = {Kind.STATE: "statecode", Kind.STATUS: "statuscode"}
_CURRENCY = {"transactioncurrencyid": ("transactioncurrencies",)}
_TO_CURRENCY = Navigation("transactioncurrencies", "_transactioncurrencyid_value")


def definitions() -> list[Definition]:
    """Return fresh definitions of every table, so that a test may spoil its own."""
    bills = [_invoice(), _invoice_detail(), _usage_line(), _billing_contract(), _currency()]
    return [*bills, *_customers(), *_portal()]


def _invoice() -> Definition:
    return define(
        "invoice invoices invoiceid",
        "name",
        {
            Kind.STRING: "invoicenumber name work365_invoice_paylink work365_invoice_lastchargestatus work365_invoice_ponumber",
            Kind.MEMO: "billto_composite description",
            Kind.DATE: "duedate datedelivered work365_invoice_billingdate work365_invoice_paidondate",
            Kind.DATETIME: "work365_invoice_paymentexpirydate",
            Kind.MONEY: "totalamount totaltax totallineitemamount work365_invoice_amountcharged",
            Kind.PICKLIST: "paymenttermscode",
            **_STATE_COLUMNS,
        },
        {"customerid": ("accounts", "contacts"), **_CURRENCY, "work365_invoice_billingcontract": ("work365_billingcontracts",)},
        navigations={
            "customerid_account": Navigation("accounts", "_customerid_value"),
            "customerid_contact": Navigation("contacts", "_customerid_value"),
            "transactioncurrencyid": _TO_CURRENCY,
            "work365_invoice_billingcontract": Navigation("work365_billingcontracts", "_work365_invoice_billingcontract_value"),
            "invoice_details": Navigation("invoicedetails", "_invoiceid_value", many=True),
        },
        labels={"statecode": STATES, "statuscode": STATUSES, "paymenttermscode": TERMS},
    )


def _invoice_detail() -> Definition:
    of_the_partner = "work365_invoiceproduct_costpriceperunit work365_invoiceproduct_margin"
    return define(
        "invoicedetail invoicedetails invoicedetailid",
        "productname",
        {
            Kind.STRING: "productname work365_invoiceproduct_line2",
            Kind.MEMO: "productdescription description",
            Kind.DECIMAL: "quantity work365_invoiceproduct_marginpercent",
            Kind.INTEGER: "lineitemnumber",
            Kind.MONEY: f"priceperunit baseamount tax extendedamount {of_the_partner}",
        },
        {"invoiceid": ("invoices",), **_CURRENCY},
        navigations={"invoiceid": Navigation("invoices", "_invoiceid_value"), "transactioncurrencyid": _TO_CURRENCY},
    )


def _usage_line() -> Definition:
    prefix = "work365_usageline_"
    return define(
        "work365_usageline work365_usagelines work365_usagelineid",
        f"{prefix}subscriptionname",
        {
            Kind.STRING: " ".join(prefix + name for name in ("subscriptionname", "service", "region", "unit", "currency")),
            Kind.MEMO: f"{prefix}resource {prefix}tags",
            Kind.DATE: f"{prefix}usagedate",
            Kind.DECIMAL: f"{prefix}quantity",
            Kind.MONEY: f"{prefix}unitprice {prefix}total {prefix}costprice",
        },
        {f"{prefix}invoice": ("invoices",)},
        navigations={f"{prefix}invoice": Navigation("invoices", f"_{prefix}invoice_value")},
    )


def _billing_contract() -> Definition:
    return define(
        "work365_billingcontract work365_billingcontracts work365_billingcontractid",
        "work365_billingcontract_name",
        {Kind.STRING: "work365_billingcontract_name work365_billingcontract_resellermargin", **_STATE_COLUMNS},
        {"work365_billingcontract_customer": ("accounts",), **_CURRENCY},
        navigations={
            "work365_billingcontract_customer": Navigation("accounts", "_work365_billingcontract_customer_value"),
            "transactioncurrencyid": _TO_CURRENCY,
        },
        labels={"statecode": ACTIVE},
    )


def _currency() -> Definition:
    return define(
        "transactioncurrency transactioncurrencies transactioncurrencyid",
        "currencyname",
        {Kind.STRING: "isocurrencycode currencyname currencysymbol", Kind.INTEGER: "currencyprecision", Kind.DECIMAL: "exchangerate"},
    )


def _customers() -> Iterable[Definition]:
    yield define(
        "account accounts accountid",
        "name",
        {Kind.STRING: "name accountnumber", Kind.MEMO: "address1_composite", **_STATE_COLUMNS},
        navigations={
            "adx_webrole_account": _roles("adx_webroles", "adx_webrole_accountset", "accountid", "adx_webroleid"),
            "powerpagecomponent_mspp_webrole_account": _roles(
                "powerpagecomponents", "powerpagecomponent_mspp_webrole_accountset", "accountid", "powerpagecomponentid"
            ),
            "contact_customer_accounts": Navigation("contacts", "_parentcustomerid_value", many=True),
            "invoice_customer_accounts": Navigation("invoices", "_customerid_value", many=True),
        },
        labels={"statecode": ACTIVE},
    )
    yield define(
        "contact contacts contactid",
        "fullname",
        {Kind.STRING: "fullname firstname lastname emailaddress1", Kind.BOOLEAN: "donotemail", **_STATE_COLUMNS},
        {"parentcustomerid": ("accounts", "contacts")},
        navigations={
            "parentcustomerid_account": Navigation("accounts", "_parentcustomerid_value"),
            "adx_webrole_contact": _roles("adx_webroles", "adx_webrole_contactset", "contactid", "adx_webroleid"),
            "powerpagecomponent_mspp_webrole_contact": _roles(
                "powerpagecomponents", "powerpagecomponent_mspp_webrole_contactset", "contactid", "powerpagecomponentid"
            ),
            "adx_contact_externalidentity": Navigation("adx_externalidentities", "_adx_contactid_value", many=True),
        },
        labels={"statecode": ACTIVE},
    )
    yield define(
        "work365_provideraccount work365_provideraccounts work365_provideraccountid",
        "work365_provideraccount_name",
        {Kind.STRING: "work365_provideraccount_name work365_provideraccount_providerspecificaccountid", **_STATE_COLUMNS},
        {"work365_provideraccount_account": ("accounts",)},
        navigations={"work365_provideraccount_account": Navigation("accounts", "_work365_provideraccount_account_value")},
        labels={"statecode": ACTIVE},
    )


def _portal() -> Iterable[Definition]:
    yield define(
        "adx_externalidentity adx_externalidentities adx_externalidentityid",
        "adx_username",
        {Kind.STRING: "adx_username adx_identityprovidername", **_STATE_COLUMNS},
        {"adx_contactid": ("contacts",)},
        navigations={"adx_contactid": Navigation("contacts", "_adx_contactid_value")},
    )
    yield define("adx_webrole adx_webroles adx_webroleid", "adx_name", {Kind.STRING: "adx_name adx_description", **_STATE_COLUMNS})
    yield define(
        "powerpagecomponent powerpagecomponents powerpagecomponentid",
        "name",
        {Kind.STRING: "name", Kind.PICKLIST: "powerpagecomponenttype", **_STATE_COLUMNS},
        labels={"powerpagecomponenttype": {11: "Web Role"}},
    )
    for role, key in (("adx_webrole", "adx_webroleid"), ("powerpagecomponent_mspp_webrole", "powerpagecomponentid")):
        for holder in ("contact", "account"):
            tie = f"{role}_{holder}"
            yield define(f"{tie} {tie}set {tie}id", f"{tie}id", {Kind.GUID: f"{holder}id {key}"})


def _roles(target: str, through: str, near: str, far: str) -> Navigation:
    return Navigation(target, near, many=True, through=through, far=far)
