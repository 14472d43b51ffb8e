# sallyport_embed_page_templates(TARGET FOLDER)
#
# Compiles FOLDER/*.mustache and FOLDER/*.css into TARGET as the table that gateway/pages/page_template.h declares.
function(sallyport_embed_page_templates target folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.mustache ${folder}/*.css)
  list(SORT files)
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"~page~(${text})~page~\"},\n")
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_page_templates.cc)
  file(WRITE ${output}.new "// Made from gateway/pages/templates by cmake/SallyportPageTemplates.cmake.
#include \"sallyport/gateway/pages/page_template.h\"

namespace sallyport::gateway {
namespace {
constexpr PageTemplate kTemplates[] = {
${rows}};
}  // namespace
std::span<const PageTemplate> PageTemplates() { return kTemplates; }
}  // namespace sallyport::gateway
")
  configure_file(${output}.new ${output} COPYONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
