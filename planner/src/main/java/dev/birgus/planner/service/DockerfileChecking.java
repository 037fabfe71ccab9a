package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.DockerfileParser;
import dev.birgus.planner.plan.Draft;
import java.util.ArrayList;
import java.util.List;

/** Looks at the Dockerfile of a request. It reaches out for no image. */
public final class DockerfileChecking {

  private final ContextStore contexts;
  private final Platform buildPlatform;

  /**
   * Checking with these contexts, which are read only for what an ignore file takes out.
   *
   * @param buildPlatform what builds run on, for BUILDPLATFORM
   */
  public DockerfileChecking(ContextStore contexts, Platform buildPlatform) {
    this.contexts = requireNonNull(contexts, "contexts");
    this.buildPlatform = requireNonNull(buildPlatform, "buildPlatform");
  }

  /** All that can be said without images: findings of the build checks, and errors. */
  public CheckReport check(BuildRequest request) {
    var file = request.dockerfile();
    var parsed = DockerfileParser.parse(file.name(), file.text());
    var draft = new Draft(parsed.instructions(), parsed.escape(), request, buildPlatform);
    try {
      var checks = BuildChecks.of(draft, parsed.warnings(), contexts);
      return parsed.errors().isEmpty()
          ? checks.report()
          : checks.report(DockerfilePlanning.mistakes(parsed, draft));
    } catch (FailureException wrongOptions) {
      var errors = new ArrayList<Failure>(List.of(wrongOptions.failure()));
      errors.addAll(parsed.errors());
      return new CheckReport(List.of(), errors);
    }
  }
}
