package dev.birgus.infra.credentials.aws;

import dev.birgus.infra.credentials.CloudUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * Who we are to AWS: the SDK's providers in the SDK's order. They are asked one by one here,
 * because a chain of the SDK does not tell which of them was meant to work. Profiles, containers
 * and metadata are the SDK's own reading of the environment.
 */
public final class AwsIdentity implements AwsCredentialsProvider {

  /** No provider knows us. */
  public static final class MissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CloudUnavailableException reason;

    private MissingException(CloudUnavailableException reason) {
      super(reason.getMessage());
      this.reason = reason;
    }

    CloudUnavailableException reason() {
      return reason;
    }
  }

  /** One of the ways, with whether somebody meant it to work. */
  private static final class Way {
    private final String name;
    private final boolean configured;
    private final Supplier<AwsCredentialsProvider> maker;
    private @Nullable AwsCredentialsProvider provider;

    Way(String name, boolean configured, Supplier<AwsCredentialsProvider> maker) {
      this.name = name;
      this.configured = configured;
      this.maker = maker;
    }

    AwsCredentials resolve() {
      var made = provider;
      if (made == null) {
        made = maker.get();
        provider = made;
      }
      return made.resolveCredentials();
    }
  }

  private final Map<String, String> environment;
  private final SdkHttpClient http;
  private final List<Way> ways;

  /**
   * Who these variables and this machine say we are.
   *
   * @param http for the services that give credentials
   */
  public AwsIdentity(Map<String, String> environment, SdkHttpClient http) {
    this.environment = environment;
    this.http = http;
    var container = "AWS_CONTAINER_CREDENTIALS_";
    this.ways = new ArrayList<>();
    ways.add(
        new Way(
            "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            isSet("AWS_ACCESS_KEY_ID"),
            this::variables));
    if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) {
      ways.add(new Way("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE", true, this::webIdentity));
    }
    ways.add(
        new Way(
            "the profile " + environment.getOrDefault("AWS_PROFILE", "default"),
            isSet("AWS_PROFILE")
                || isSet("AWS_SHARED_CREDENTIALS_FILE")
                || isSet("AWS_CONFIG_FILE"),
            ProfileCredentialsProvider::create));
    ways.add(
        new Way(
            "the container's credentials",
            isSet(container + "RELATIVE_URI") || isSet(container + "FULL_URI"),
            () -> ContainerCredentialsProvider.builder().build()));
    ways.add(
        new Way(
            "the instance's metadata service", false, InstanceProfileCredentialsProvider::create));
  }

  private boolean isSet(String variable) {
    return !environment.getOrDefault(variable, "").isEmpty();
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }

  private AwsCredentialsProvider variables() {
    var key = value("AWS_ACCESS_KEY_ID");
    var secret = value("AWS_SECRET_ACCESS_KEY");
    if (key.isEmpty() || secret.isEmpty()) {
      throw new IllegalStateException("one of them is not set");
    }
    return StaticCredentialsProvider.create(
        isSet("AWS_SESSION_TOKEN")
            ? AwsSessionCredentials.create(key, secret, value("AWS_SESSION_TOKEN"))
            : AwsBasicCredentials.create(key, secret));
  }

  private AwsCredentialsProvider webIdentity() {
    var region =
        environment.getOrDefault(
            "AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", "us-east-1"));
    var sts =
        StsClient.builder()
            .region(Region.of(region))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(http)
            .build();
    var provider =
        StsWebIdentityTokenFileCredentialsProvider.builder()
            .stsClient(sts)
            .webIdentityTokenFile(Path.of(value("AWS_WEB_IDENTITY_TOKEN_FILE")))
            .roleArn(value("AWS_ROLE_ARN"));
    if (isSet("AWS_ROLE_SESSION_NAME")) {
      provider.roleSessionName(value("AWS_ROLE_SESSION_NAME"));
    }
    return provider.build();
  }

  @Override
  public synchronized AwsCredentials resolveCredentials() {
    var reasons = new ArrayList<String>();
    for (var way : ways) {
      try {
        return way.resolve();
      } catch (RuntimeException none) {
        if (way.configured) {
          reasons.add(
              CloudUnavailableException.broken(way.name + " cannot be used", none).getMessage());
        }
      }
    }
    throw new MissingException(
        reasons.isEmpty()
            ? CloudUnavailableException.unconfigured(
                "there are none in the environment, in ~/.aws, from a web identity, a container or"
                    + " the instance's metadata service")
            : CloudUnavailableException.broken(String.join("; ", reasons)));
  }
}
