package dev.birgus.planner.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.plan.ImageWish;
import dev.birgus.planner.service.InMemoryImages;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images are looked up side by side, each once. */
class WishResolverTest {

  private final InMemoryImages images = new InMemoryImages();

  private static ImageWish wish(String name, String platform, int line) {
    return new ImageWish(
        name,
        new ImageSource.FromRegistry(ImageReference.parse(name)),
        Platform.parse(platform),
        SourceLocation.ofLine("Dockerfile", line),
        Optional.empty());
  }

  @Test
  void anImageIsLookedUpOncePerPlatform() throws InterruptedException {
    images.add("a", "{}");

    var resolved =
        new WishResolver(images)
            .resolve(
                List.of(
                    wish("a", "linux/amd64", 1),
                    wish("a", "linux/amd64", 2),
                    wish("a", "linux/arm64", 3)));

    assertThat(images.asked()).containsExactly("a for linux/amd64", "a for linux/arm64");
    assertThat(resolved).hasSize(2);
  }

  @Test
  void everyImageThatIsMissingIsToldWithItsPlace() {
    images.add("a", "{}");
    var wishes =
        List.of(
            wish("x", "linux/amd64", 1), wish("a", "linux/amd64", 2), wish("y", "linux/amd64", 3));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> new WishResolver(images).resolve(wishes))
        .satisfies(failed -> {
          assertThat(failed.failure().at()).hasToString("Optional[Dockerfile:1]");
          assertThat(failed.failure().output())
              .containsExactly("also Dockerfile:3: there is no image y (check its name)");
        });
  }

  @Test
  @Timeout(60)
  void imagesAreLookedUpAtTheSameTime() throws InterruptedException {
    images.add("a", "{}");
    images.add("b", "{}");
    var together = new CyclicBarrier(2);
    BaseImages meeting =
        (name, source, platform) -> {
          try {
            together.await();
          } catch (Exception broken) {
            throw Failure.of("alone", "nobody came", "").toException(broken);
          }
          return images.resolve(name, source, platform);
        };

    assertThat(
            new WishResolver(meeting)
                .resolve(List.of(wish("a", "linux/amd64", 1), wish("b", "linux/amd64", 2))))
        .hasSize(2);
  }
}
