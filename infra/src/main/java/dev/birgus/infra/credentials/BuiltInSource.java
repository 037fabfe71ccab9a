package dev.birgus.infra.credentials;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sources of credentials beside docker's configuration, in the order they are asked. */
public enum BuiltInSource {
  /** The variables {@code KANIKO_<HOST>_USER} and {@code _PASSWORD}. */
  ENV,
  /** Google Artifact Registry and Container Registry. */
  GOOGLE,
  /** Amazon ECR, private and public. */
  ECR,
  /** Azure Container Registry. */
  ACR,
  /** The registry of the GitLab a job runs in. */
  GITLAB;

  /** Programs {@code docker-credential-<name>} that kaniko's users name and this stands in for. */
  List<String> programs() {
    return switch (this) {
      case ENV -> List.of();
      case GOOGLE -> List.of("gcr", "gcloud");
      case ECR -> List.of("ecr-login");
      case ACR -> List.of("acr-env", "acr");
      case GITLAB -> List.of("gitlabci");
    };
  }

  /** What a user calls it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The source of that name. */
  public static Optional<BuiltInSource> of(String word) {
    return Arrays.stream(values()).filter(source -> source.word().equals(word)).findFirst();
  }
}
