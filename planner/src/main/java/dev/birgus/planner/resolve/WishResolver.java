package dev.birgus.planner.resolve;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.planner.plan.ImageWish;
import dev.birgus.planner.plan.Refusals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Resolves all the images of a build side by side, each once. */
public final class WishResolver {

  private final BaseImages images;

  /** A resolver over these images. */
  public WishResolver(BaseImages images) {
    this.images = requireNonNull(images, "images");
  }

  /**
   * Resolves what is wished for; blocks until all is known.
   *
   * @throws FailureException telling of every image that could not be resolved, in its instruction
   * @throws InterruptedException if nobody waits for it any more
   */
  public Map<ImageWish.Key, ResolvedImage> resolve(List<ImageWish> wishes)
      throws InterruptedException {
    var distinct = new LinkedHashMap<ImageWish.Key, ImageWish>();
    wishes.forEach(wish -> distinct.putIfAbsent(wish.key(), wish));
    var resolved = new LinkedHashMap<ImageWish.Key, ResolvedImage>();
    var failures = new ArrayList<Failure>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var pending = new LinkedHashMap<ImageWish.Key, Future<ResolvedImage>>();
      distinct.forEach((key, wish) -> pending.put(key, executor.submit(() -> resolve(wish))));
      for (var entry : pending.entrySet()) {
        try {
          resolved.put(entry.getKey(), entry.getValue().get());
        } catch (ExecutionException failed) {
          failures.add(failureOf(failed));
        } catch (InterruptedException unwanted) {
          executor.shutdownNow();
          throw unwanted;
        }
      }
    }
    if (!failures.isEmpty()) {
      throw Refusals.joined(failures).toException();
    }
    return resolved;
  }

  private ResolvedImage resolve(ImageWish wish) {
    try {
      return images.resolve(wish.name(), wish.source(), wish.platform());
    } catch (FailureException failed) {
      var failure = failed.failure().in(wish.at());
      var advice = wish.remark().orElse(failure.advice());
      throw new Failure(
              failure.name(),
              failure.message(),
              advice,
              failure.at(),
              failure.exitCode(),
              failure.output())
          .toException(failed);
    }
  }

  private static Failure failureOf(ExecutionException failed) {
    if (failed.getCause() instanceof FailureException known) {
      return known.failure();
    }
    throw new IllegalStateException("resolving an image", failed.getCause());
  }
}
