package dev.gatehouse.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.server.WebFilter;

@AnalyzeClasses(packages = "dev.gatehouse.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule FEATURES_HAVE_NO_CYCLES =
            slices().matching("dev.gatehouse.gateway.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_ROOT_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("dev.gatehouse.gateway")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.gatehouse.gateway.*..");

    @ArchTest
    static final ArchRule FEATURES_SHARE_ONLY_PROBLEMS_AND_TRACE = slices().matching("dev.gatehouse.gateway.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAnyPackage("..problem..", "..trace.."));

    @ArchTest
    static final ArchRule FILTERS_OF_THE_PUBLIC_PORT_ARE_EDGE_FILTERS = noClasses()
            .that()
            .resideInAPackage("dev.gatehouse.gateway..")
            .should()
            .implement(WebFilter.class)
            .because("a WebFilter bean would run on the management port too");

    @ArchTest
    static final ArchRule NOTHING_IS_INJECTED_INTO_FIELDS =
            fields().should().notBeAnnotatedWith(Autowired.class).andShould().notBeAnnotatedWith(Value.class);

    @ArchTest
    static final ArchRule ONLY_THE_START_BLOCKS = noClasses()
            .that()
            .doNotHaveSimpleName("RouteCheck")
            .should()
            .callMethod(reactor.core.publisher.Mono.class, "block")
            .orShould()
            .callMethod(reactor.core.publisher.Mono.class, "blockOptional")
            .orShould()
            .callMethod(reactor.core.publisher.Flux.class, "blockLast");

    @ArchTest
    static final ArchRule NO_STATE_IS_STATIC =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS_IN_THE_DOMAIN = classes()
            .should()
            .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?|Common|Base|Dto|DTO|VO|Entity|Mapper)");
}
