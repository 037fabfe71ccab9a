package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.planner.service.TestBuild;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which stages may be run once for several builds. */
class SharingTest {

  @Test
  void stagesAreSharedUnlessSomethingSpeaksAgainstIt() {
    assertThat(shared(TestBuild.of("FROM scratch AS a\nRUN x\nFROM a AS b\nRUN y\n")))
        .containsExactly("a", "b");
  }

  @Test
  void whatUsesSecretsOrAgentsIsItsBuildsOwnWithAllThatIsBuiltOfIt() {
    assertThat(
            shared(
                TestBuild.of(
                    """
                    FROM scratch AS secret
                    RUN --mount=type=secret,id=s x
                    FROM scratch AS agent
                    RUN --mount=type=ssh x
                    FROM scratch AS open
                    RUN --mount=type=cache,target=/c x
                    FROM secret AS above
                    RUN y
                    FROM scratch AS last
                    COPY --from=above a a
                    COPY --from=agent a a
                    COPY --from=open a a
                    """)))
        .containsExactly("open");
  }

  @Test
  void whatMayChangeOutsideIsItsBuildsOwn() {
    assertThat(shared(TestBuild.of("FROM scratch AS a\nADD https://example.org/f f\n"))).isEmpty();
  }

  @Test
  void whatIsNotToBeTakenFromACacheIsNot() {
    var file =
        "FROM scratch AS a\nRUN x\nFROM scratch AS b\nRUN y\nFROM b AS c\nCOPY --from=a f f\n";

    assertThat(shared(TestBuild.of(file).uncached("b"))).containsExactly("a");
  }

  @Test
  void whatUsesANetworkIsSharedUnlessTheOperatorSaysOtherwiseWithAllThatIsBuiltOfIt() {
    var build =
        TestBuild.of(
            """
            FROM scratch AS network
            RUN x
            FROM network AS above
            RUN --network=none y
            FROM scratch AS none
            RUN --network=none x
            FROM scratch AS last
            COPY --from=above a a
            COPY --from=none a a
            """);

    assertThat(shared(build)).containsExactly("network", "above", "none", "last");
    assertThat(shared(build, false)).containsExactly("none");
  }

  @Test
  void aBuildMayRefuseToShare() {
    var build = TestBuild.of("FROM scratch\nRUN x\n");

    assertThat(Sharing.of(build.request().with(Scheduling.DEFAULT.alone()), build.plan(), true))
        .isEmpty();
  }

  private static List<String> shared(TestBuild build) {
    return shared(build, true);
  }

  private static List<String> shared(TestBuild build, boolean networked) {
    var plan = build.plan();
    var shared = Sharing.of(build.request(), plan, networked);
    return plan.stages().stream()
        .filter(stage -> shared.contains(stage.id()))
        .map(Stage::name)
        .toList();
  }
}
