package dev.birgus.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.nio.file.Files;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fences of the house. */
class ArchitectureTest {

  private static final String[] PURE = {
    "dev.birgus.infra.oci..",
    "dev.birgus.infra.contracts..",
    "dev.birgus.infra.json..",
    "dev.birgus.infra.pattern..",
    "dev.birgus.planner.syntax..",
    "dev.birgus.planner.expand..",
    "dev.birgus.planner.instruct..",
    "dev.birgus.planner.lint..",
    "dev.birgus.planner.plan..",
    "dev.birgus.planner.flow..",
    "dev.birgus.executor.snapshot..",
    "dev.birgus.pusher.image..",
    "dev.birgus.ingest.ignore.."
  };

  /** What a pure room may use besides other pure rooms: values, and nothing that acts. */
  private static final String[] VALUES = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.nio.charset",
    "java.text",
    "java.time..",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify..",
    "com.google.errorprone.annotations.."
  };

  /** Single classes of packages that otherwise act; bytes in memory, and hashing. */
  private static final Set<String> VALUE_CLASSES =
      Set.of(
          "java.io.ByteArrayInputStream",
          "java.io.ByteArrayOutputStream",
          "java.io.IOException",
          "java.io.InputStream",
          "java.io.ObjectInputStream",
          "java.io.ObjectStreamException",
          "java.io.OutputStream",
          "java.io.Serializable",
          "java.io.UncheckedIOException",
          "java.nio.Buffer",
          "java.nio.ByteBuffer",
          "java.nio.CharBuffer",
          "java.security.MessageDigest",
          "java.security.NoSuchAlgorithmException");

  /** Methods of value classes by which a room would yet see the world. */
  private static final Set<String> WORLDLY =
      Set.of(
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.exit",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.Clock.systemUTC",
          "java.time.InstantSource.system",
          "java.util.UUID.randomUUID",
          "java.util.Locale.getDefault",
          "java.util.TimeZone.getDefault");

  private static final Set<String> WORLDLY_CLASSES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ProcessBuilder",
          "java.lang.Process",
          "java.lang.Runtime",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.Timer");

  /** What a stage may do beside its root file system: make the folders it is mounted from. */
  private static final Set<String> MAKES_EMPTY =
      Set.of("createDirectories", "createTempDirectory", "createFile");

  private static JavaClasses birgus;

  @BeforeAll
  static void readAllClasses() {
    birgus =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.birgus");
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("dev.birgus.(*.*)..").should().beFreeOfCycles());
  }

  @Test
  void pureRoomsUseValuesOnly() {
    check(
        classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(PURE)
                    .or(resideInAnyPackage(VALUES))
                    .or(named("values", type -> VALUE_CLASSES.contains(type.getName())))
                    .or(named("basic", type -> type.isPrimitive() || type.isArray()))
                    .or(jacksonsCore())));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(named("acts", type -> WORLDLY_CLASSES.contains(type.getName()))));
    check(noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(call(WORLDLY)));
  }

  /** Of the pure rooms only infra.json reads text with it. */
  private static DescribedPredicate<JavaClass> jacksonsCore() {
    return resideInAPackage("com.fasterxml.jackson.core..");
  }

  @Test
  void onlyTheJsonRoomKnowsItsParser() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.birgus.infra.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.."));
  }

  @Test
  void servicesDoNotKnowEachOther() {
    var services = Set.of("ingest", "planner", "executor", "pusher");
    for (var service : services) {
      for (var other : services) {
        if (!service.equals(other)) {
          check(
              noClasses()
                  .that()
                  .resideInAPackage("dev.birgus." + service + "..")
                  .should()
                  .dependOnClassesThat()
                  .resideInAPackage("dev.birgus." + other + ".."));
        }
      }
    }
  }

  @Test
  void infraKnowsNoServiceAndNobodyKnowsTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.birgus.infra..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.birgus..").and(not(resideInAPackage("dev.birgus.infra..")))));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.birgus.cli..", "dev.birgus.load..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.birgus.cli.."));
  }

  @Test
  void librariesStayBehindTheirDoors() {
    onlyIn("org.apache.kafka..", "dev.birgus.infra.bus..", "dev.birgus.infra.broker..");
    onlyIn("kafka..", "dev.birgus.infra.broker..");
    onlyIn("io.vertx..", "dev.birgus.infra.doors..", "dev.birgus.infra.blobs..");
    onlyIn("io.micrometer..", "dev.birgus.infra.doors..");
    onlyIn("org.apache.hc..", "dev.birgus.infra.http..");
    onlyIn(
        "com.google.cloud.tools.jib..",
        "dev.birgus.infra.registry..",
        "dev.birgus.infra.credentials..");
    onlyIn("com.google.auth..", "dev.birgus.infra.credentials.google..");
    onlyIn("com.google.api..", "dev.birgus.infra.credentials.google..");
    onlyIn("software.amazon..", "dev.birgus.infra.credentials..", "dev.birgus.infra.blobs..");
  }

  @Test
  void theRootFileSystemIsReachedThroughItsRooms() {
    var outside =
        noClasses()
            .that()
            .resideInAPackage("dev.birgus.executor..")
            .and()
            .resideOutsideOfPackages(
                "dev.birgus.executor.cache..",
                "dev.birgus.executor.files..",
                "dev.birgus.executor.layer..",
                "dev.birgus.executor.run..",
                "dev.birgus.executor.service..");
    check(
        outside
            .should()
            .accessTargetWhere(
                DescribedPredicate.describe(
                    "a file is read, written or deleted",
                    access ->
                        access.getTargetOwner().isEquivalentTo(Files.class)
                            && !MAKES_EMPTY.contains(access.getTarget().getName()))));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.birgus.executor.operation..")
            .should()
            .dependOnClassesThat(named("files", type -> type.isEquivalentTo(Files.class))));
    check(
        noClasses()
            .should()
            .dependOnClassesThat(named("File", type -> type.isEquivalentTo(File.class))));
  }

  @Test
  void onlyMainReadsTheEnvironmentAndEndsTheProcess() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.birgus.cli.Main")
            .should()
            .accessTargetWhere(
                call(
                    Set.of(
                        "java.lang.System.getenv",
                        "java.lang.System.exit",
                        "java.lang.Runtime.halt",
                        "java.lang.Runtime.exit",
                        "java.lang.Runtime.addShutdownHook"))));
  }

  @Test
  void namesSayWhatAThingIs() {
    for (var word : Set.of("Util", "Utils", "Helper", "Manager", "Impl")) {
      check(noClasses().should().haveSimpleNameEndingWith(word));
    }
    check(
        noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helpers.."));
  }

  private static void onlyIn(String library, String... doors) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(doors)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(birgus);
  }

  private static DescribedPredicate<JavaClass> named(String name, Predicate<JavaClass> test) {
    return DescribedPredicate.describe(name, test);
  }

  private static DescribedPredicate<JavaAccess<?>> call(Set<String> methods) {
    return DescribedPredicate.describe(
        "one of " + methods,
        access ->
            methods.contains(
                access.getTargetOwner().getFullName() + "." + access.getTarget().getName()));
  }
}
