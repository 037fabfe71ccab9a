package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.lint.Rule;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What a stage begins with: its base, the configuration it inherits with triggers taken out, and
 * the variables it can see.
 */
record Foundation(StageBase base, ImageConfig config, Variables variables) {

  /** The search path of every image that sets none, as BuildKit has it. */
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The foundation of a stage; empty if it builds on a stage that could not be planned. */
  static Optional<Foundation> of(StageOutline stage, Surroundings surroundings) {
    return switch (stage.base()) {
      // The files of a context are the first step of a stage that begins with nothing.
      case Reference.Scratch _, Reference.ToFiles _ ->
          Optional.of(begun(new StageBase.Scratch(), ImageConfig.scratch(stage.platform())));
      case Reference.ToImage(var wish) -> {
        var image = surroundings.image(wish);
        warnOfPlatform(image, wish, surroundings);
        yield Optional.of(begun(new StageBase.OfImage(image), inherited(image, wish.platform())));
      }
      case Reference.ToStage(var index) ->
          surroundings
              .stage(index)
              .map(parent ->
                  new Foundation(
                      new StageBase.OfStage(parent.stage().id()),
                      parent.stage().config().without("OnBuild"),
                      parent.variables().copy()));
    };
  }

  /** A foundation for a stage of whose base nothing is known. */
  static Foundation assumed(StageOutline stage) {
    return begun(new StageBase.Scratch(), ImageConfig.scratch(stage.platform()));
  }

  private static Foundation begun(StageBase base, ImageConfig config) {
    var env = new LinkedHashMap<>(config.env());
    env.putIfAbsent("PATH", DEFAULT_PATH);
    return new Foundation(base, config.withEnv(env), Variables.of(env));
  }

  /** The image's configuration without what is its own: layers, triggers, how it was made. */
  private static ImageConfig inherited(ResolvedImage image, Platform wanted) {
    var json =
        image
            .config()
            .json()
            .without("rootfs")
            .without("created")
            .without("container")
            .without("container_config")
            .without("docker_version");
    var config = new ImageConfig(json).without("OnBuild");
    var platform = config.platform();
    var lacksVariant =
        platform.isPresent()
            && isSameMachine(platform.get(), wanted)
            && platform.get().variant().filter(variant -> !variant.isEmpty()).isEmpty();
    return platform.isEmpty() || lacksVariant ? config.withPlatform(wanted) : config;
  }

  private static void warnOfPlatform(
      ResolvedImage image, ImageWish wish, Surroundings surroundings) {
    var platform = image.config().platform();
    if (platform.isEmpty() && !isSameMachine(wish.platform(), surroundings.buildPlatform())) {
      surroundings.warn(
          Rule.UNKNOWN_PLATFORM.ruleName(),
          wish.name() + " does not say what it is for and is taken to be for " + wish.platform(),
          wish.at());
    }
    if (platform.isPresent() && !isSameMachine(platform.get(), wish.platform())) {
      surroundings.warn(
          Rule.INVALID_BASE_IMAGE_PLATFORM.ruleName(),
          wish.name() + " is for " + platform.get() + ", not for " + wish.platform(),
          wish.at());
    }
  }

  private static boolean isSameMachine(Platform one, Platform other) {
    return one.os().equals(other.os()) && one.architecture().equals(other.architecture());
  }
}
