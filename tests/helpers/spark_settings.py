"""How the tests run Spark."""

# A few thousand lines through some sixty plans: nearly all the time goes into making code that runs
# once. So Spark interprets its expressions, Java compiles what it runs often and that plainly, and
# no plan is made anew while it runs. What Spark does where nothing is said, make bench-spark runs.
SPARK_FOR_FEW_LINES = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
