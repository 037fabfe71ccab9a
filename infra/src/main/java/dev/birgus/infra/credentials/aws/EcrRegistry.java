package dev.birgus.infra.credentials.aws;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A registry of Amazon ECR, as its host name says.
 *
 * @param region {@code us-west-2}; that of the token service for the public registry
 * @param publicGallery whether it is the one everybody shares
 * @param fips whether its FIPS endpoints are wanted
 * @param dualStack whether its endpoints for both versions of IP are wanted
 */
public record EcrRegistry(String region, boolean publicGallery, boolean fips, boolean dualStack) {

  private static final int ACCOUNT_DIGITS = 12;

  /** The domains of the partitions: world, China, European sovereign and the secret ones. */
  private static final Set<String> DOMAINS =
      Set.of(
          "amazonaws.com",
          "amazonaws.com.cn",
          "amazonaws.eu",
          "sc2s.sgov.gov",
          "c2s.ic.gov",
          "cloud.adc-e.uk",
          "csp.hci.ic.gov");

  private static final Set<String> DUAL_STACK_DOMAINS =
      Set.of("on.aws", "on.amazonwebservices.com.cn");

  public EcrRegistry {
    requireNonNull(region, "region");
  }

  /** The registry at a host; empty if that is not Amazon's, by its whole name. */
  public static Optional<EcrRegistry> of(String registry) {
    var host = registry.toLowerCase(Locale.ROOT);
    if (host.equals("public.ecr.aws") || host.equals("ecr-public.aws.com")) {
      return Optional.of(new EcrRegistry("us-east-1", true, false, false));
    }
    var dot = host.indexOf('.');
    if (dot != ACCOUNT_DIGITS || !host.chars().limit(dot).allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    var rest = host.substring(dot + 1);
    for (var service : new String[] {"dkr.ecr.", "dkr-ecr.", "dkr.ecr-fips.", "dkr-ecr-fips."}) {
      if (rest.startsWith(service)) {
        return regional(rest.substring(service.length()), service.contains("fips"));
      }
    }
    return Optional.empty();
  }

  private static Optional<EcrRegistry> regional(String place, boolean fips) {
    var dot = place.indexOf('.');
    var region = dot < 0 ? "" : place.substring(0, dot);
    var domain = place.substring(dot + 1);
    var dualStack = DUAL_STACK_DOMAINS.contains(domain);
    var known = dualStack || DOMAINS.contains(domain);
    return known && region.matches("[a-z0-9][a-z0-9-]*")
        ? Optional.of(new EcrRegistry(region, false, fips, dualStack))
        : Optional.empty();
  }
}
