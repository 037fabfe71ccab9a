package dev.birgus.planner.service;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.oci.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A build of a test: a Dockerfile and what surrounds it, planned by the real rooms. The build
 * checks are left out unless the test asks for them.
 */
public final class TestBuild {

  /** The context of every test build. */
  public static final ContextRef CONTEXT = new ContextRef("main");

  /** The images everybody knows. */
  public final InMemoryImages images = new InMemoryImages();

  /** The files of the contexts. */
  public final InMemoryContexts contexts = new InMemoryContexts();

  private final String dockerfile;
  private final Map<String, BuildRequest.NamedContext> named = new LinkedHashMap<>();
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private List<String> targets = List.of();
  private List<String> uncached = List.of();
  private Platform platform = Platform.of("linux", "amd64");
  private BuildOptions options = BuildOptions.DEFAULT;
  private List<String> tags = List.of();

  private TestBuild(String dockerfile) {
    this.dockerfile = dockerfile;
    arguments.put("BUILDKIT_DOCKERFILE_CHECK", "skip=all");
    images.add("debian", "{\"config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"bash\"]}}");
  }

  /** A build of this Dockerfile. The image debian exists. */
  public static TestBuild of(String dockerfile) {
    return new TestBuild(dockerfile);
  }

  /** With an image. */
  public TestBuild image(String name, String config) {
    images.add(name, config);
    return this;
  }

  /** With files in the context; their content is their path. */
  public TestBuild files(String... paths) {
    for (var path : paths) {
      contexts.file(CONTEXT, path, path);
    }
    return this;
  }

  /** With a file of this content in the context. */
  public TestBuild file(String path, String content) {
    contexts.file(CONTEXT, path, content);
    return this;
  }

  /** With a symbolic link in the context. */
  public TestBuild link(String path, String to) {
    contexts.link(CONTEXT, path, to);
    return this;
  }

  /** With a path the ignore file takes out. */
  public TestBuild excluded(String path) {
    contexts.exclude(path);
    return this;
  }

  /** With --build-arg. */
  public TestBuild arg(String name, String value) {
    arguments.put(name, value);
    return this;
  }

  /** With its build checks. */
  public TestBuild checked() {
    arguments.remove("BUILDKIT_DOCKERFILE_CHECK");
    return this;
  }

  /** With --label. */
  public TestBuild label(String name, String value) {
    labels.put(name, value);
    return this;
  }

  /** With --target. */
  public TestBuild target(String... names) {
    targets = List.of(names);
    return this;
  }

  /** With --no-cache-filter. */
  public TestBuild uncached(String... names) {
    uncached = List.of(names);
    return this;
  }

  /** For a platform. */
  public TestBuild platform(String text) {
    platform = Platform.parse(text);
    return this;
  }

  /** With these options. */
  public TestBuild options(BuildOptions chosen) {
    options = chosen;
    return this;
  }

  /** With these tags. */
  public TestBuild tags(String... chosen) {
    tags = List.of(chosen);
    return this;
  }

  /** With a named context that is an image. */
  public TestBuild namedImage(String name, ImageSource source) {
    named.put(name, new BuildRequest.NamedContext.Image(source));
    return this;
  }

  /** With a named context that is the empty image. */
  public TestBuild namedNothing(String name) {
    named.put(name, new BuildRequest.NamedContext.Nothing());
    return this;
  }

  /** With a named context that is a directory holding a file. */
  public TestBuild namedFiles(String name, String file) {
    var context = new ContextRef(name);
    contexts.file(context, file, file);
    named.put(name, new BuildRequest.NamedContext.Files(context));
    return this;
  }

  /** What the user asks for. */
  public BuildRequest request() {
    return new BuildRequest(
        new BuildRequest.Dockerfile("Dockerfile", dockerfile),
        CONTEXT,
        named,
        arguments,
        labels,
        targets,
        uncached,
        platform,
        tags,
        List.of(),
        options);
  }

  /** The rooms that plan it. */
  public DockerfilePlanning planning() {
    return new DockerfilePlanning(images, contexts, Platform.of("linux", "arm64"));
  }

  /** The plan. */
  public Plan plan() {
    try {
      return planning().plan(request());
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Why there is no plan. */
  public Failure failure() {
    try {
      throw new AssertionError("it was planned:\n" + PlanText.of(plan()));
    } catch (FailureException failed) {
      return failed.failure();
    }
  }

  /** The plan as text. */
  public String text() {
    return PlanText.of(plan());
  }

  /** The stage the image is made of. */
  public Stage targetStage() {
    var plan = plan();
    return plan.stage(plan.target());
  }

  /** The target's container configuration as JSON. */
  public String config() {
    return dev.birgus.infra.json.JsonText.text(targetStage().config().container().without("Env"));
  }
}
