package dev.birgus.cli.flags;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code --secret}, {@code --ssh} and {@code --allow}, as docker buildx has them. */
final class AccessFlags {

  private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK";

  private final ParsedFlags flags;
  private final Map<String, String> environment;

  AccessFlags(ParsedFlags flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  /** What commands may use; paths as they were written. */
  BuildCommand.Access read() {
    return new BuildCommand.Access(secrets(), agents(), entitlements());
  }

  private Map<String, SecretSource> secrets() {
    var secrets = new LinkedHashMap<String, SecretSource>();
    for (var value : flags.list("secret")) {
      var fields = new LinkedHashMap<String, String>();
      for (var field : fields(value)) {
        var equals = field.indexOf('=');
        if (equals < 0) {
          throw bad("secret", "every part of it is of the form key=value");
        }
        var key = field.substring(0, equals).toLowerCase(Locale.ROOT);
        fields.put(key.equals("source") ? "src" : key, field.substring(equals + 1));
      }
      var id = fields.getOrDefault("id", "");
      if (id.isEmpty()) {
        throw bad("secret", "it has no id; write id=NAME,src=FILE or id=NAME,env=VARIABLE");
      }
      secrets.put(id, secret(id, fields));
    }
    return secrets;
  }

  private SecretSource secret(String id, Map<String, String> fields) {
    var type = fields.getOrDefault("type", "");
    if (!List.of("", "file", "env").contains(type)) {
      throw bad("secret", "the type of " + id + " is neither file nor env");
    }
    for (var key : fields.keySet()) {
      if (!List.of("id", "type", "src", "env").contains(key)) {
        throw bad("secret", id + " has an unknown part; there are id, type, src and env");
      }
    }
    var file = fields.getOrDefault("src", "");
    var variable = fields.getOrDefault("env", "");
    if (!variable.isEmpty()) {
      return new SecretSource.InEnvironment(variable);
    }
    if (type.equals("env")) {
      return new SecretSource.InEnvironment(file.isEmpty() ? id : file);
    }
    if (file.isEmpty() && !type.equals("file") && environment.containsKey(id)) {
      return new SecretSource.InEnvironment(id);
    }
    return new SecretSource.InFile(file.isEmpty() ? id : file);
  }

  private Map<String, AgentSource> agents() {
    var agents = new LinkedHashMap<String, AgentSource>();
    for (var value : flags.list("ssh")) {
      var equals = value.indexOf('=');
      var id = equals < 0 ? value : value.substring(0, equals);
      var path = equals < 0 ? "" : value.substring(equals + 1);
      if (path.contains(",")) {
        throw bad("ssh", "key files are not supported yet; start an agent and name its socket");
      }
      var socket =
          path.isEmpty() ? Optional.ofNullable(environment.get(AGENT_VARIABLE)) : Optional.of(path);
      agents.put(
          id.isEmpty() ? "default" : id,
          new AgentSource(
              socket
                  .filter(text -> !text.isEmpty())
                  .orElseThrow(
                      () -> bad("ssh", AGENT_VARIABLE + " is not set; start an SSH agent first"))));
    }
    return agents;
  }

  private Set<Entitlement> entitlements() {
    var entitlements = EnumSet.noneOf(Entitlement.class);
    for (var value : flags.list("allow")) {
      entitlements.add(
          switch (value) {
            case "security.insecure" -> Entitlement.INSECURE_SECURITY;
            case "network.host" -> Entitlement.HOST_NETWORK;
            default -> throw bad("allow", "write security.insecure or network.host");
          });
    }
    return entitlements;
  }

  /** Comma-separated; a part with commas in it is quoted whole (RFC 4180). */
  private static List<String> fields(String value) {
    var fields = new ArrayList<String>();
    var field = new StringBuilder();
    var quoted = false;
    for (var at = 0; at < value.length(); at++) {
      var letter = value.charAt(at);
      if (letter == '"' && (quoted || field.isEmpty())) {
        var doubled = quoted && value.startsWith("\"\"", at);
        if (doubled) {
          field.append('"');
          at++;
        } else {
          quoted = !quoted;
        }
      } else if (letter == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(letter);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** The value is not shown: people put secrets themselves there. */
  private static FailureException bad(String flag, String reason) {
    return FlagParser.failure(
        "bad-flag-value", "invalid argument for \"--" + flag + "\" flag: " + reason, "");
  }
}
