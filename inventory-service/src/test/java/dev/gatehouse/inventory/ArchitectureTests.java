package dev.gatehouse.inventory;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.apache.catalina.valves.ErrorReportValve;

@AnalyzeClasses(packages = "dev.gatehouse.inventory", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String ROOT = "dev.gatehouse.inventory";

    @ArchTest
    static final ArchRule featuresHaveNoCycles =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theCatalogueKnowsNoStock = noClasses()
            .that()
            .resideInAPackage(ROOT + ".catalogue..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".stock..");

    @ArchTest
    static final ArchRule onlyTheProblemHandlerKnowsTheWebAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "..web", ROOT + ".problem")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "..web");

    @ArchTest
    static final ArchRule featuresKnowNoHttp = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".catalogue", ROOT + ".catalogue.imports", ROOT + ".stock", ROOT + ".cache")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.http..", "org.springframework.web..", "jakarta.servlet..", "io.swagger..");

    @ArchTest
    static final ArchRule onlyTheCacheKnowsRedis = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cache")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.data.redis..", "io.lettuce..");

    @ArchTest
    static final ArchRule stockNeverReadsTheCache = noClasses()
            .that()
            .resideInAPackage(ROOT + ".stock..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".cache");

    /** The one method of the catalogue that stock may call reads the writer past the cache. */
    @ArchTest
    static final ArchRule stockDecidesOnCurrentFilmsOnly = noClasses()
            .that()
            .resideInAPackage(ROOT + ".stock..")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "CatalogueService other than current", ArchitectureTests::isOtherThanCurrent));

    private static boolean isOtherThanCurrent(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals(ROOT + ".catalogue.CatalogueService")
                && !access.getName().equals("current");
    }

    @ArchTest
    static final ArchRule moneyIsNeverAFloat = noFields()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage(ROOT + ".catalogue..", ROOT + ".stock.."))
            .should()
            .haveRawType(floating());

    @ArchTest
    static final ArchRule noMethodAnswersAFloat = noMethods()
            .that()
            .areDeclaredInClassesThat(resideInAPackage(ROOT + ".."))
            .should()
            .haveRawReturnType(floating());

    private static DescribedPredicate<JavaClass> floating() {
        Set<String> names = Set.of("float", "double", "java.lang.Float", "java.lang.Double");
        return DescribedPredicate.describe("a floating-point type", type -> names.contains(type.getName()));
    }

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields = noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
            .orShould()
            .beAnnotatedWith("jakarta.annotation.Resource")
            .orShould()
            .beAnnotatedWith("jakarta.persistence.PersistenceContext");

    @ArchTest
    static final ArchRule servicesAndControllersKeepNoState = fields().that()
            .areDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Service")
            .or()
            .areDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Controller")
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Common|Base|D[Tt][Oo]|VO|Entity|Mapper)");

    @ArchTest
    static final ArchRule publicMeansUsedElsewhere = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            // Tomcat makes it by its name.
            .areNotAssignableTo(ErrorReportValve.class)
            .should(beUsedByAnotherPackage());

    private static ArchCondition<JavaClass> beUsedByAnotherPackage() {
        return new ArchCondition<>("be used by another package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getModifiers().contains(JavaModifier.PUBLIC)
                        && type.getDirectDependenciesToSelf().stream()
                                .anyMatch(dependency -> !dependency
                                        .getOriginClass()
                                        .getPackageName()
                                        .equals(type.getPackageName()));
                events.add(new SimpleConditionEvent(type, used, type.getName() + " is public for nobody"));
            }
        };
    }
}
