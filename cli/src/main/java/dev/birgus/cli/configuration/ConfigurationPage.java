package dev.birgus.cli.configuration;

import java.util.stream.Collectors;

/** The page of the documentation that lists every setting, and the help text, from the table. */
public final class ConfigurationPage {

  private static final int COLUMN = 34;

  private static final String CLIENT_PROPERTIES =
      """
      ## Properties of Kafka's clients

      Whatever Kafka's clients take is passed on to all of them: `kafka.client.security.protocol = SASL_SSL` in a
      file, `BIRGUS_KAFKA_CLIENT_SECURITY_PROTOCOL` as a variable, `--kafka-client security.protocol=SASL_SSL` as a
      flag. That is how TLS, SASL SCRAM, OAUTHBEARER and others are set up.

      A secret does not stand in a setting itself: passwords, keys and what JAAS has of them are refused there.
      `${file:/run/secrets/password}` and `${env:NAME}`, anywhere in such a property, stand for the content of a
      file and of a variable:

          kafka.client.sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="birgus" password="${file:/run/secrets/kafka}";

      A user and a password, over TLS whose authority is in a PEM file:

          kafka.client.security.protocol = SASL_SSL
          kafka.client.sasl.mechanism = SCRAM-SHA-512
          kafka.client.ssl.truststore.type = PEM
          kafka.client.ssl.truststore.location = /etc/birgus/kafka-ca.pem

      Amazon MSK with the role of the machine or pod, a web identity, a profile or `AWS_ACCESS_KEY_ID`; the classes
      come with birgus:

          kafka.client.security.protocol = SASL_SSL
          kafka.client.sasl.mechanism = AWS_MSK_IAM
          kafka.client.sasl.jaas.config = software.amazon.msk.auth.iam.IAMLoginModule required;
          kafka.client.sasl.client.callback.handler.class = software.amazon.msk.auth.iam.IAMClientCallbackHandler

      Tokens of OAuth; the address that is named is the one that is asked:

          kafka.client.sasl.mechanism = OAUTHBEARER
          kafka.client.sasl.login.callback.handler.class = org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler
          kafka.client.sasl.oauthbearer.token.endpoint.url = https://login.example/oauth2/token
          kafka.client.sasl.jaas.config = org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="birgus" clientSecret="${file:/run/secrets/oauth}";
      """;

  private ConfigurationPage() {}

  /** The page, in Markdown. */
  public static String markdown() {
    var page = new StringBuilder();
    page.append(
        """
        # Settings of `birgus serve`

        <!-- Made from the table in the module cli. A test compares them and says how to make it anew. -->

        Every setting can be given in a file, by a variable and by a flag; the later one counts:

        1. its default,
        2. the file that `--config FILE` or `BIRGUS_CONFIG` names: a line `name = value` for each, lines that begin
           with `#` are comments, and a name that is not known is refused with file and line,
        3. its variable: `BIRGUS_`, and the name in capitals with `_` for dots and dashes (`BIRGUS_KAFKA_PREFIX`),
        4. its flag: the name with dashes for dots (`--kafka-prefix`).

        `birgus serve --print-config` prints what comes of it, with who said so, and starts nothing.

        """);
    for (var group : Setting.Group.values()) {
      page.append("## ").append(group.title()).append("\n\n");
      page.append("| Setting | Value | Default | What it is |\n|---|---|---|---|\n");
      SettingsTable.all().stream()
          .filter(setting -> setting.group() == group)
          .forEach(setting -> page.append(row(setting)));
      page.append('\n');
    }
    return page.append(CLIENT_PROPERTIES).toString();
  }

  private static String row(Setting setting) {
    var kind =
        setting.kind() == Setting.Kind.CHOICE
            ? setting.choices().stream()
                .map(word -> "`" + word + "`")
                .collect(Collectors.joining(", "))
            : setting.kind().words();
    return "| `"
        + setting.key()
        + "` | "
        + kind
        + " | "
        + (setting.usual().isEmpty() ? "" : "`" + setting.usual() + "`")
        + " | "
        + setting.help()
        + ". "
        + setting.note()
        + " |\n";
  }

  /** What {@code birgus serve --help} prints. */
  public static String help() {
    var text = new StringBuilder();
    text.append("birgus serve runs birgus as a build service.\n\nUsage:\n");
    text.append("  birgus serve                              all on this machine\n");
    text.append("  birgus serve --kafka HOST:PORT [flags]    one of many processes\n\n");
    line(text, "  --config FILE", "Read settings from a file");
    line(text, "  --print-config", "Print the settings and start nothing");
    for (var group : Setting.Group.values()) {
      text.append('\n').append(group.title().replace("`", "")).append(":\n");
      for (var setting : SettingsTable.all()) {
        if (setting.group() == group) {
          var usual = setting.usual().isEmpty() ? "" : " (" + setting.usual() + ")";
          line(text, "  --" + setting.flag(), setting.help() + usual);
        }
      }
    }
    line(text, "\n  --kafka-client KEY=VALUE", "A property of Kafka's clients; repeatable");
    text.append("\nVariables, files and every detail: docs/configuration.md.\n");
    return text.toString();
  }

  private static void line(StringBuilder text, String left, String right) {
    text.append(left).append(" ".repeat(Math.max(1, COLUMN - left.length()))).append(right);
    text.append('\n');
  }
}
