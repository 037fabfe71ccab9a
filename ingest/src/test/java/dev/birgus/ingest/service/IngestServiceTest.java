package dev.birgus.ingest.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import dev.birgus.ingest.context.LocalContextStore;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.context.TestTar;
import dev.birgus.ingest.context.UnpackLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestServiceTest {

  @TempDir Path temp;
  private final RecordingBus bus = new RecordingBus();
  private final LocalContextStore contexts = new LocalContextStore();
  private final List<String> warnings = new ArrayList<>();
  private Path work = Path.of("");
  private Path here = Path.of("");
  private IngestService service = service(StandardInput.empty());

  @BeforeEach
  void makeContext() throws IOException {
    work = temp.resolve("work");
    here = Files.createDirectory(temp.resolve("here"));
    Files.createDirectories(here.resolve("app/sub"));
    Files.writeString(here.resolve("app/Dockerfile"), "FROM scratch");
    Files.writeString(here.resolve("app/.dockerignore"), "*.log");
    Files.writeString(here.resolve("app/a.log"), "");
    Files.writeString(here.resolve("app/sub/f"), "");
    service = service(StandardInput.empty());
  }

  @AfterEach
  void close() {
    service.close();
  }

  private IngestService service(StandardInput input) {
    var made =
        new IngestService(
            new IngestSettings(work, UnpackLimits.DEFAULT),
            contexts,
            input,
            this::remote,
            () -> new BuildId("b" + bus.published.size()),
            (_, message, _) -> warnings.add(message));
    made.start(bus);
    return made;
  }

  /** The files of the web: what is in the folder "web". */
  private InputStream remote(String address) throws IOException {
    return Files.newInputStream(here.resolve("web" + URI.create(address).getPath()));
  }

  private SubmittedBuild build(String context, String subPath, String dockerfile) {
    return build(context, subPath, dockerfile, List.of(), RequestedOutputs.none());
  }

  private SubmittedBuild build(
      String context,
      String subPath,
      String dockerfile,
      List<String> namedContexts,
      RequestedOutputs outputs) {
    return new SubmittedBuild(
        here,
        context,
        subPath,
        dockerfile,
        namedContexts,
        List.of("A=1", "HOME"),
        Map.of("HOME", "/home"),
        List.of("l=v"),
        List.of("stage"),
        List.of("once"),
        Platform.of("linux", "amd64"),
        BuildOptions.DEFAULT,
        outputs);
  }

  private BuildRequest submitted(SubmittedBuild build) {
    var id = service.submit(build);
    var last = bus.published.getLast();
    assertThat(last.topic()).isEqualTo(Topic.BUILDS);
    assertThat(last.key()).isEqualTo(id.value());
    assertThat(last.event().subject()).isEqualTo(id.value());
    return ((Event.BuildRequested) last.event()).request();
  }

  private List<String> paths(ContextRef ref) throws IOException {
    return contexts.open(ref).index(Set.of("")).entries().stream().map(ContextEntry::path).toList();
  }

  private void refused(SubmittedBuild build, String words) {
    var before = bus.published.size();
    assertThatThrownBy(() -> service.submit(build))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(words);
    assertThat(bus.published).hasSize(before);
  }

  @Test
  void aBuildIsPublishedWithNothingLeftToLookUp() throws IOException {
    // when
    var request = submitted(build("app", "", "Dockerfile"));

    // then
    assertThat(request.dockerfile())
        .isEqualTo(new BuildRequest.Dockerfile("Dockerfile", "FROM scratch"));
    assertThat(request.arguments()).containsExactly(entry("A", "1"), entry("HOME", "/home"));
    assertThat(request.labels()).containsExactly(entry("l", "v"));
    assertThat(request.targets()).containsExactly("stage");
    assertThat(request.uncached()).containsExactly("once");
    assertThat(request.deliveries()).isEmpty();
    assertThat(paths(request.context()))
        .containsExactly("", ".dockerignore", "Dockerfile", "sub", "sub/f");
    assertThat(contexts.open(request.context()).directory())
        .isEqualTo(here.resolve("app").toRealPath());
    assertThat(work).as("used for archives only").doesNotExist();
  }

  @Test
  void aSubPathAppliesToADirectoryToo() throws IOException {
    // given
    Files.writeString(here.resolve("Other"), "FROM other");

    // then
    assertThat(paths(submitted(build("app", "sub", "Other")).context())).containsExactly("", "f");
    assertThat(paths(submitted(build("dir://app", "/sub/", "Other")).context()))
        .containsExactly("", "f");
    refused(build("app", "gone", "Other"), "gone");
    refused(build("app", "../..", "Other"), "leads outside");
    refused(build("app", "Dockerfile", "Other"), "not a directory");
  }

  @Test
  void aContextThatIsNotThereIsRefused() {
    refused(build("gone", "", "Dockerfile"), "error resolving source context: the build context");
    refused(build("app/Dockerfile", "", "Dockerfile"), "is not a directory");
    refused(build("tar://gone.tar", "", "Dockerfile"), "does not exist");
    refused(build("tar://app", "", "Dockerfile"), "is a directory, not a tar");
    refused(build("s3://bucket", "", "Dockerfile"), "not supported yet");
  }

  @Test
  void aTarIsUnpackedIntoTheWorkFolderAndRemovedInTheEnd() throws IOException {
    // given
    var tar =
        new TestTar()
            .file("app/Dockerfile", "FROM tar")
            .file("app/f", "x")
            .special("app/pipe", (byte) '6', "")
            .file("g", "x");
    Files.write(here.resolve("c.tar.gz"), TestTar.gzip(tar.bytes()));

    // when
    var request = submitted(build("tar://c.tar.gz", "app", "Dockerfile"));

    // then
    assertThat(request.dockerfile().text()).isEqualTo("FROM tar");
    assertThat(paths(request.context())).containsExactly("", "Dockerfile", "f");
    assertThat(contexts.open(request.context()).directory()).startsWith(work.toRealPath());
    assertThat(warnings).contains("devices and fifos of the build context were left out");
    service.close();
    assertNoFolderIsLeft();
    assertThatThrownBy(() -> contexts.open(request.context()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Files of locks are no files of a context. */
  private void assertNothingIsUnpacked() throws IOException {
    try (var below = Files.find(work, 3, (_, file) -> file.isRegularFile())) {
      assertThat(below).allSatisfy(file -> assertThat(file).hasFileName("lock"));
    }
  }

  private void assertNoFolderIsLeft() throws IOException {
    try (var left = Files.newDirectoryStream(work, Files::isDirectory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatAKilledServiceUnpackedIsRemovedByTheNext() throws IOException {
    // given what a process leaves that is killed: its folder, and a lock nobody holds
    var dead = Files.createDirectories(work.resolve("ingest-1234"));
    Files.createFile(dead.resolve("lock"));
    Files.createDirectories(dead.resolve("build-1/app"));
    Files.write(here.resolve("c.tar"), new TestTar().file("Dockerfile", "FROM tar").bytes());

    // when
    submitted(build("tar://c.tar", "", "Dockerfile"));

    // then
    assertThat(dead).doesNotExist();
  }

  @Test
  void standardInputIsATarUnlessItIsATerminal() throws IOException {
    // given
    var tar = new TestTar().file("Dockerfile", "FROM stdin");
    service = service(new StandardInput(tar.stream(), false));

    // then
    assertThat(submitted(build("-", "", "Dockerfile")).dockerfile().text()).isEqualTo("FROM stdin");
    service.close();
    service = service(new StandardInput(tar.stream(), true));
    refused(build("tar://stdin", "", "Dockerfile"), "terminal");
    service.close();
    service = service(StandardInput.empty());
    refused(build("tar://stdin", "", "Dockerfile"), "no data found");
  }

  @Test
  void theDockerfileCanComeFromStandardInputIfTheContextDoesNot() {
    // given
    var text = new ByteArrayInputStream("FROM stdin".getBytes(StandardCharsets.UTF_8));
    service = service(new StandardInput(text, false));

    // then
    refused(build("-", "", "-"), "both the build context and the Dockerfile");
    assertThat(submitted(build("app", "", "-")).dockerfile().text()).isEqualTo("FROM stdin");
  }

  @Test
  void aFailureLeavesNothingUnpacked() throws IOException {
    // given
    Files.write(here.resolve("c.tar"), new TestTar().file("f", "x").bytes());

    // then
    refused(build("tar://c.tar", "", "Dockerfile"), "please provide a valid path to a Dockerfile");
    assertNothingIsUnpacked();
  }

  @Test
  void namedContextsAreImagesOrDirectoriesWithIgnoreFilesOfTheirOwn() throws IOException {
    // given
    Files.writeString(here.resolve("root.tar"), "");

    // when
    var request =
        submitted(
            build(
                ".",
                "",
                "app/Dockerfile",
                List.of("base=root.tar", "src=app"),
                RequestedOutputs.none()));

    // then
    assertThat(request.namedContexts().keySet()).containsExactly("base", "src");
    assertThat(request.namedContexts().get("base")).isInstanceOf(NamedContext.Image.class);
    assertThat(request.namedContexts().get("src"))
        .isInstanceOfSatisfying(
            NamedContext.Files.class,
            files -> assertThat(files.context()).isNotEqualTo(request.context()));
    var source = (NamedContext.Files) requireNonNull(request.namedContexts().get("src"));
    assertThat(paths(source.context())).contains("sub/f").doesNotContain("a.log");
    assertThat(paths(request.context())).contains("app/a.log");
  }

  @Test
  void aDockerfileAtAnAddressIsFetchedAndItsPasswordForgotten() throws IOException {
    // given
    Files.createDirectories(here.resolve("web"));
    Files.writeString(here.resolve("web/Dockerfile"), "FROM web");

    // when
    var request = submitted(build("app", "", "https://me:secret@example.com/Dockerfile?sign=1"));

    // then
    assertThat(request.dockerfile())
        .isEqualTo(new BuildRequest.Dockerfile("https://example.com/Dockerfile", "FROM web"));
    assertThat(paths(request.context())).doesNotContain("a.log");
    refused(build("app", "", "https://me:secret@example.com/gone"), "https://example.com/gone");
  }

  @Test
  void aNamedContextAtAnAddressIsFetchedIntoTheWorkFolder() throws IOException {
    // given
    Files.createDirectories(here.resolve("web"));
    Files.write(here.resolve("web/root.tar"), new TestTar().file("f", "x").bytes());
    var contexts = List.of("base=https://example.com/root.tar", "none=docker-image://scratch");

    // when
    var request = submitted(build("app", "", "Dockerfile", contexts, RequestedOutputs.none()));

    // then
    assertThat(request.namedContexts().get("none")).isEqualTo(new NamedContext.Nothing());
    assertThat(request.namedContexts().get("base"))
        .isInstanceOfSatisfying(
            NamedContext.Image.class,
            image ->
                assertThat(image.source())
                    .isInstanceOfSatisfying(
                        ImageSource.FromRootfsArchive.class,
                        archive ->
                            assertThat(Path.of(archive.path()))
                                .startsWith(work)
                                .hasSameBinaryContentAs(here.resolve("web/root.tar"))));
    service.close();
    assertNoFolderIsLeft();
  }

  @Test
  void aNamedContextThatCannotBeFetchedLeavesNothing() throws IOException {
    // given
    var contexts = List.of("base=https://me:secret@example.com/gone.tar");

    // then
    refused(
        build("app", "", "Dockerfile", contexts, RequestedOutputs.none()),
        "https://example.com/gone.tar cannot be fetched");
    assertNothingIsUnpacked();
  }

  @Test
  void outputsAreCheckedBeforeAnythingIsUnpacked() throws IOException {
    // given
    Files.write(here.resolve("c.tar"), new TestTar().file("Dockerfile", "FROM x").bytes());
    var outputs =
        new RequestedOutputs(
            List.of(),
            true,
            Optional.of("gone/image.tar"),
            Optional.empty(),
            Optional.of("new/digest"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    // then
    refused(build("tar://c.tar", "", "Dockerfile", List.of(), outputs), "gone/image.tar");
    assertThat(work).doesNotExist();
    assertThat(here.resolve("new")).doesNotExist();
  }

  @Test
  void outputsAreAbsolute() {
    // given
    var outputs =
        new RequestedOutputs(
            List.of("app"),
            false,
            Optional.of("image.tar"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    // then
    assertThat(submitted(build("app", "", "Dockerfile", List.of(), outputs)).deliveries())
        .contains(new Delivery.ToTar(here + "/image.tar"));
  }

  @Test
  void aBuildThatIsPrintedDoesNotTellItsArguments() {
    assertThat(build("app", "", "Dockerfile").toString()).doesNotContain("/home");
  }

  @Test
  void nothingCanBeSubmittedBeforeTheStart() {
    var unstarted =
        new IngestService(
            new IngestSettings(work, UnpackLimits.DEFAULT),
            contexts,
            StandardInput.empty(),
            this::remote,
            () -> new BuildId("b"),
            Journal.silent());
    assertThatThrownBy(() -> unstarted.submit(build("app", "", "Dockerfile")))
        .isInstanceOf(IllegalStateException.class);
  }
}
