package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildRequest.Dockerfile;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotationTest {

  private static final Dockerfile DOCKERFILE =
      new Dockerfile("D", "FROM a\nRUN one \\\n  two\nCOPY " + "x".repeat(300) + "\n");

  private static Failure at(String file, int line, int endLine) {
    var place = new SourceLocation(file, line, 1, endLine);
    return new Failure("bad", "bad", "", Optional.of(place), 1, List.of("also D:9: worse"));
  }

  @Test
  void theLinesOfTheInstructionComeFirst() {
    assertThat(Quotation.in(DOCKERFILE, at("D", 2, 3)).output())
        .containsExactly("RUN one \\", "  two", "also D:9: worse");
  }

  @Test
  void aLongLineIsCut() {
    assertThat(Quotation.in(DOCKERFILE, at("D", 4, 4)).output().getFirst()).hasSize(201);
  }

  @Test
  void aPlaceElsewhereIsNotQuoted() {
    assertThat(Quotation.in(DOCKERFILE, at("other", 2, 3)).output())
        .containsExactly("also D:9: worse");
    assertThat(Quotation.in(DOCKERFILE, Failure.of("bad", "bad", "")).output()).isEmpty();
  }
}
