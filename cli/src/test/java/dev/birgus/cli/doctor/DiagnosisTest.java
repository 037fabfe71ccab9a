package dev.birgus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.doctor.Diagnosis.Limit;
import dev.birgus.cli.doctor.Diagnosis.Program;
import dev.birgus.cli.doctor.Diagnosis.Storage;
import dev.birgus.cli.doctor.Diagnosis.Versions;
import dev.birgus.executor.run.LadderReport;
import dev.birgus.executor.run.LadderReport.Attempt;
import dev.birgus.executor.run.Rung;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

  private static final List<String> USUAL_POD =
      List.of(
          "Name:\tjava",
          "Uid:\t0\t0\t0\t0",
          "CapEff:\t00000000a80425fb",
          "NoNewPrivs:\t0",
          "Seccomp:\t2");
  private static final List<String> OWN_IDS = List.of("         0          0 4294967295");

  private static Diagnosis of(ProcessFacts process, Optional<Rung> chosen, String way) {
    var attempts = new ArrayList<Attempt>();
    for (var rung : Rung.automatic()) {
      var works = chosen.filter(found -> rung.compareTo(found) >= 0).isPresent();
      attempts.add(
          new Attempt(
              rung,
              works ? Optional.empty() : Optional.of("clone: Operation not permitted"),
              Duration.ofMillis(7),
              works ? "" : "Allow it."));
    }
    return new Diagnosis(
        new Versions("1.0", "25", "6.18", "linux/amd64"),
        process,
        Optional.empty(),
        new LadderReport(chosen, attempts),
        new Storage("/state", "ext4", 1_000_000, 2_000_000, way, way.equals("tree") ? "no" : ""),
        List.of(new Limit("memory", "cgroups are read-only")),
        List.of(new Program("git", Optional.empty(), "git repositories")));
  }

  private static ProcessFacts usualPod() {
    return ProcessFacts.parse(USUAL_POD, OWN_IDS, "refused", "not allowed");
  }

  @Test
  void capabilitiesFilterAndIdsAreReadFromProc() {
    var facts = usualPod();

    assertThat(facts.user()).isZero();
    assertThat(facts.capabilities())
        .hasSize(14)
        .contains("CHOWN", "SYS_CHROOT", "MKNOD", "SETFCAP")
        .doesNotContain("SYS_ADMIN");
    assertThat(facts.filtered()).isTrue();
    assertThat(facts.mapped()).isFalse();
  }

  @Test
  void aPodWithADefaultProfileIsToldHowToClimb() {
    var text = DiagnosisText.of(of(usualPod(), Optional.of(Rung.CHROOT_NOTIFY), "tree"));

    assertThat(text)
        .contains("RUN is run: chroot-notify")
        .contains("no: clone: Operation not permitted")
        .contains("works (7 ms)")
        .contains("  hostUsers: false\n")
        .contains("        add: [SYS_ADMIN]\n")
        .contains("      seccompProfile:\n          type: Unconfined\n")
        .contains("no: cgroups are read-only")
        .endsWith("Dockerfiles with RUN can be built here.\n");
  }

  @Test
  void whereOverlaysCouldBeMountedAVolumeIsAskedFor() {
    var text = DiagnosisText.of(of(usualPod(), Optional.of(Rung.USERNS), "tree"));

    assertThat(text).contains("emptyDir: {}").doesNotContain("seccompProfile");
  }

  @Test
  void whoHasTheHighestRungIsToldNothingToDo() {
    var text = DiagnosisText.of(of(usualPod(), Optional.of(Rung.NS), "overlay"));

    assertThat(text).doesNotContain("To have").doesNotContain("spec:");
  }

  @Test
  void aUserWithoutIdsIsToldTheLines() {
    var status = List.of("Uid:\t1000\t1000\t1000\t1000", "CapEff:\t0", "NoNewPrivs:\t0");
    var facts = ProcessFacts.parse(status, OWN_IDS, "refused", "add the line crab:1:2");

    var diagnosis = of(facts, Optional.empty(), "tree");

    assertThat(DiagnosisText.of(diagnosis))
        .contains("add the line crab:1:2")
        .endsWith("Dockerfiles with RUN cannot be built here.\n");
    assertThat(diagnosis.canRun()).isFalse();
  }

  @Test
  void aProgramIsToldTheSame() {
    var text = DiagnosisJson.of(of(usualPod(), Optional.of(Rung.USERNS), "overlay"));

    assertThat(text).endsWith("}\n").doesNotContain("\n{");
    var json = JsonText.parseObject(text.getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("canRun")).contains(Json.of(true));
    assertThat(json.string("isolation")).contains("userns");
    assertThat(((Json.Obj) json.array("rungs").getFirst()).string("reason")).isPresent();
    assertThat(json.object("storage").string("roots")).contains("overlay");
    assertThat(json.object("process").strings("ids")).containsExactly("0 0 4294967295");
  }
}
