package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.flow.PipelineSimulation.Sample;
import dev.birgus.planner.service.TestBuild;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens in whatever order, every build ends once and nothing is done for nobody. */
class PipelinePropertyTest {

  private static final List<Sample> SAMPLES =
      Stream.of(
              """
              FROM scratch
              RUN a
              """,
              """
              FROM scratch AS base
              RUN a
              FROM base AS left
              RUN left
              FROM base AS right
              RUN right
              FROM scratch
              COPY --from=left a a
              COPY --from=right b b
              """,
              """
              FROM scratch AS base
              RUN a
              FROM base
              RUN b
              """,
              """
              FROM scratch AS base
              RUN --mount=type=secret,id=s a
              FROM base
              RUN b
              """)
          .map(TestBuild::of)
          .map(build -> new Sample(build.request(), build.plan()))
          .toList();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("birgus.seeds", 12));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyBuildEndsOnceAndNothingIsDoneForNobody(long seed) {
    var pipeline = new PipelineSimulation(seed, SAMPLES);

    pipeline.storm(4_000, 25);
    pipeline.calm();

    pipeline.check();
    pipeline.checkNothingStays();
    assertThat(pipeline.runs).isPositive();
  }
}
