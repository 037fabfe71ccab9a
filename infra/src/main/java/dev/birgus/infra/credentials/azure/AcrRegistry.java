package dev.birgus.infra.credentials.azure;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/**
 * A registry of Azure, with the cloud it is in.
 *
 * @param login where its tokens of Microsoft Entra come from
 * @param resource what they are for
 */
public record AcrRegistry(String login, String resource) {

  public AcrRegistry {
    requireNonNull(login, "login");
    requireNonNull(resource, "resource");
  }

  /** The registry at a host; empty if that is not Azure's, by its whole name. */
  public static Optional<AcrRegistry> of(String registry) {
    var host = registry.toLowerCase(Locale.ROOT);
    if (host.endsWith(".azurecr.io")) {
      return cloud("https://login.microsoftonline.com/", "https://management.azure.com/");
    }
    if (host.endsWith(".azurecr.cn")) {
      return cloud("https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/");
    }
    if (host.endsWith(".azurecr.us")) {
      return cloud("https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/");
    }
    if (host.endsWith(".azurecr.de")) {
      return cloud("https://login.microsoftonline.de/", "https://management.microsoftazure.de/");
    }
    return Optional.empty();
  }

  private static Optional<AcrRegistry> cloud(String login, String resource) {
    return Optional.of(new AcrRegistry(login, resource));
  }
}
