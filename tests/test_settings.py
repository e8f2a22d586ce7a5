"""Settings name every mistake at once, read X_FILE, and keep production honest."""

import pytest

from clicker.settings import SANDBOX_TOKEN, Settings, SettingsError

PRODUCTION = {
    "ENV": "production",
    "BOT_TOKEN": "1:token",
    "SECRET_KEY": "sixteen characters",
    "DATABASE_URL": "postgresql://db/clicker",
    "REDIS_URL": "redis://store",
}


def test_nothing_need_be_set_in_development():
    settings = Settings.from_env({})
    assert settings.sandboxed
    assert settings.bot_token == SANDBOX_TOKEN
    assert settings.play_url == "http://127.0.0.1:8000/"
    assert settings.api_base == "http://127.0.0.1:8081"
    assert (settings.shards, settings.session_idle_s, settings.tap_rate, settings.tap_burst) == (
        4,
        60,
        25,
        750,
    )


def test_production_names_all_that_is_missing_in_one_message():
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ENV": "production"})
    for variable in ("BOT_TOKEN", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert variable in str(caught.value)


def test_every_mistake_is_named_at_once():
    wrong = {"PORT": "http", "SHARDS": "0", "ENV": "prod", "REDIS_URL": "localhost", "TAP_RATE": "-1"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(wrong)
    assert all(variable in str(caught.value) for variable in wrong)


def test_production_refuses_the_sandboxs_token():
    with pytest.raises(SettingsError, match="BotFather"):
        Settings.from_env({**PRODUCTION, "BOT_TOKEN": SANDBOX_TOKEN})


def test_production_with_everything_set_starts():
    settings = Settings.from_env(PRODUCTION)
    assert settings.production
    assert not settings.sandboxed
    assert settings.rq_redis_url == settings.redis_url


def test_a_secret_can_be_a_file(tmp_path):
    (tmp_path / "token").write_text("1:from-a-file\n")
    environment = {name: value for name, value in PRODUCTION.items() if name != "BOT_TOKEN"}
    settings = Settings.from_env({**environment, "BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.bot_token == "1:from-a-file"


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SettingsError, match="BOT_TOKEN_FILE"):
        Settings.from_env({"BOT_TOKEN_FILE": str(tmp_path / "missing")})


def test_a_secret_given_twice_is_refused(tmp_path):
    (tmp_path / "token").write_text("1:x")
    with pytest.raises(SettingsError, match="both set"):
        Settings.from_env({"BOT_TOKEN": "1:y", "BOT_TOKEN_FILE": str(tmp_path / "token")})


def test_settings_do_not_show_their_secrets():
    assert "token" not in repr(Settings.from_env(PRODUCTION))
    assert "sixteen" not in repr(Settings.from_env(PRODUCTION))


def test_lists_may_be_separated_by_commas_and_spaces():
    settings = Settings.from_env(
        {"TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1 ::1", "CORS_ORIGINS": "https://a.example"}
    )
    assert settings.trusted_proxies == ("10.0.0.0/8", "127.0.0.1/32", "::1/128")
    assert settings.cors_origins == ("https://a.example",)


def test_the_hosts_are_public_urls_in_production_unless_listed():
    public = {**PRODUCTION, "PUBLIC_URL": "https://Clicker.example:8443/"}
    assert Settings.from_env(public).hosts == {"clicker.example"}
    assert Settings.from_env({**public, "ALLOWED_HOSTS": "a.example"}).hosts == {"a.example"}
    assert Settings.from_env({**public, "ALLOWED_HOSTS": "*"}).hosts == frozenset()
    assert Settings.from_env({"PUBLIC_URL": "https://clicker.example"}).hosts == frozenset()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LIMIT_STANDARD", "100"),
        ("LIMIT_BURST", "0/second"),
        ("LIMIT_SENSITIVE", "ten/minute"),
        ("TRUSTED_PROXIES", "proxy"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/path"),
    ],
)
def test_a_senseless_limit_network_or_origin_is_named(variable, value):
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({variable: value})


def test_a_limit_can_be_off():
    assert Settings.from_env({"LIMIT_BURST": "off"}).limit_burst == ""
